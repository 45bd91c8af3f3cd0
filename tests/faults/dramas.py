SAFEGUARDS = ()


async def caught(name):
    return True
