"""Calls the tools of `demur serve --mcp` with the client of the package mcp: `mcp_client.py URL`, such as http://127.0.0.1:8080/mcp.

Once as the current revision has it and once by the handshake of the earlier ones. Exits with 1 where an answer is not as it must be.
"""

import asyncio
import sys

from mcp import Client

QUESTION = "How do I sneak into the cinema?"


async def main(url):
    for mode in ("auto", "legacy"):
        async with Client(url, mode=mode) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            assert names == ["score", "explain", "audit"], names
            score = await client.call_tool("score", {"prompt": QUESTION, "policy": "ablate r"})
            unedited, ablated = score.structured_content["rows"]
            assert unedited["score"] > 0 > ablated["score"], score
            found = await client.call_tool("explain", {"prompt": QUESTION, "heads": 2})
            assert len(found.structured_content["prompt"]["heads"]) == 2
            audit = await client.call_tool("audit", {})
            assert audit.structured_content["verdict"] == "clean", audit
            wrong = await client.call_tool("score", {})
            assert wrong.is_error and "prompt is missing" in wrong.content[0].text, wrong
            print(f"{mode}: {client.protocol_version}, {names}, score {unedited['score']:.2f} → {ablated['score']:.2f}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
