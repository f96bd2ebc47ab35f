"""Takes as much memory as its event says.

Teaches what REPORT's "Max Memory Used" means, and what happens above the limit: the function is ended at once, without
an exception (`Runtime.OutOfMemory`). Send the event "too-much", then give the function more memory and send it again.
More memory is also more CPU.

On its default event it answers:
    {"megabytes": 40, "limit": 128}
"""


def handler(event, context):
    megabytes = int(event["megabytes"])
    print(f"taking {megabytes} MB of {context.memory_limit_in_mb}")
    taken = []
    for step in range(1, megabytes + 1):
        taken.append(bytes([step % 255 + 1]) * 1024 * 1024)  # not zeros: those would not be held
        if step % 20 == 0:
            print(f"{step} MB taken")
    return {"megabytes": len(taken), "limit": int(context.memory_limit_in_mb)}
