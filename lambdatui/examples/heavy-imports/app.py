"""Imports a lot before its first event.

Teaches INIT: what stands outside of the handler runs once, when Lambda starts a copy of the function, and the first
caller waits for it (and, since August 2025, pays for it). Invoke it twice and compare cold with warm; then move the
imports into `handler` and compare again.

On its default event it answers:
    {"first": true}
"""

import sys
import time

STARTED = time.perf_counter()
BEFORE = len(sys.modules)

import asyncio  # noqa: E402, F401
import concurrent.futures  # noqa: E402, F401
import decimal  # noqa: E402, F401
import difflib  # noqa: E402, F401
import doctest  # noqa: E402, F401
import email.message  # noqa: E402, F401
import http.server  # noqa: E402, F401
import logging.config  # noqa: E402, F401
import multiprocessing.pool  # noqa: E402, F401
import statistics  # noqa: E402, F401
import unittest.mock  # noqa: E402, F401
import urllib.request  # noqa: E402, F401
import xml.etree.ElementTree  # noqa: E402, F401
import xmlrpc.client  # noqa: E402, F401
import zipfile  # noqa: E402, F401

MODULES = len(sys.modules) - BEFORE
INIT_MS = round((time.perf_counter() - STARTED) * 1000, 1)
print(f"INIT: {MODULES} modules imported in {INIT_MS} ms")

invocations = 0  # outside of the handler: it stays from one event to the next


def handler(event, context):
    global invocations
    invocations += 1
    print(f"event number {invocations} of this copy: nothing to import any more")
    return {"first": invocations == 1, "modules": MODULES, "init_ms": INIT_MS}
