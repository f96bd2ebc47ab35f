"""The user's settings: argv > environment (LAMBDATUI_…) > the settings file (TOML) > default.

What is wrong is an error that names the file, the line and the key; a key that does not exist is one too.
"""

from lambdatui.settings.keys import KEYS, THEMES, Key
from lambdatui.settings.load import config_file_of, load_settings
from lambdatui.settings.model import LocalSettings, ProfileSettings, Settings

__all__ = ["KEYS", "THEMES", "Key", "LocalSettings", "ProfileSettings", "Settings", "config_file_of", "load_settings"]
