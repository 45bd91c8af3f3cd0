"""Runs in the bot's environment: the real dialogue with the understanding given from outside.

Usage: ``python talking_bot.py ROOT WORKDIR ACTIONS_PORT``. It trains rules and forms (no language
model), then reads one JSON object a line, ``{"conversation", "text", "intent", "confidence",
"entities", "ranking", "metadata", "slots", "parse"}``, and answers each with ``{"messages",
"slots", "active_loop", "paused", "actions"}``. A text that begins with ``/`` is a button's
payload. With ``"entities": null`` the numbers, days and addresses are found by the bot's own
reader; ``parse`` holds whatever else the pipeline would add.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

warnings.filterwarnings("ignore")

CONFIG = """
recipe: default.v1
language: nb
assistant_id: dialogue-test
pipeline:
  - name: KeywordIntentClassifier
policies:
  - name: bot.policy.AssessmentPolicy
  - name: RulePolicy
"""
NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hei
    - hallo
- intent: goodbye
  examples: |
    - ha det
    - adjø
"""


def train(root: Path, work: Path) -> str:
    from rasa.model_training import train as rasa_train

    (work / "data").mkdir(parents=True)
    for part in ("rules", "responses"):
        shutil.copytree(root / "data" / part, work / "data" / part)
    (work / "data" / "nlu.yml").write_text(NLU, encoding="utf-8")
    (work / "config.yml").write_text(CONFIG, encoding="utf-8")
    result = rasa_train(
        domain=str(root / "domain.yml"),
        config=str(work / "config.yml"),
        training_files=[str(work / "data")],
        output=str(work / "models"),
    )
    if not result.model:
        sys.exit("training failed")
    return str(result.model)


def parse_data(line: dict[str, Any]) -> dict[str, Any] | None:
    if line["text"].startswith("/"):
        return None
    intent = {"name": line["intent"], "confidence": line.get("confidence", 0.95)}
    entities = line["entities"]
    if entities is None:
        from bot.entities import find_entities

        today = datetime.fromisoformat(line["metadata"]["now"]).date()
        entities = [span.as_dict() for span in find_entities(line["text"], today)]
    return {
        "text": line["text"],
        "intent": intent,
        "intent_ranking": line.get("ranking") or [intent],
        "plausible": line.get("plausible") or [],
        "entities": entities,
        **(line.get("parse") or {}),
    }


async def main() -> None:
    root, work, port = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    sys.path.insert(0, str(root))
    from rasa.core.agent import load_agent
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.core.events import SlotSet
    from rasa.utils.endpoints import EndpointConfig

    from bot import clarified
    from bot.policy import offered

    loop = asyncio.get_running_loop()
    model = await loop.run_in_executor(None, train, root, work)
    endpoints = AvailableEndpoints(
        action=EndpointConfig(url=f"http://127.0.0.1:{port}/webhook", enable_selective_domain=True),
        nlg=EndpointConfig(type="bot.nlg.Unrepeated"),
    )
    agent = await load_agent(model_path=model, endpoints=endpoints)
    print(json.dumps({"ready": True}), flush=True)
    while True:
        raw = await loop.run_in_executor(None, sys.stdin.readline)
        if not raw:
            return
        line = json.loads(raw)
        channel = CollectingOutputChannel()
        tracker = await agent.tracker_store.get_or_create_tracker(line["conversation"])
        for name, value in (line.get("slots") or {}).items():
            tracker.update(SlotSet(name, value))
        await agent.tracker_store.save(tracker)
        before = len(tracker.events)
        # As the product's processor does.
        parse = parse_data(line)
        if parse is not None:
            parse = clarified.understood(parse, tracker, offered(agent.domain))
        intent = parse["intent"]["name"] if parse else line["text"].removeprefix("/").split("{")[0]
        for event in clarified.choice_made(intent, tracker):
            tracker.update(event)
        await agent.tracker_store.save(tracker)
        await agent.handle_message(
            UserMessage(
                line["text"],
                channel,
                line["conversation"],
                parse_data=parse,
                metadata=line.get("metadata") or {},
            )
        )
        tracker = await agent.tracker_store.get_or_create_tracker(line["conversation"])
        answer = {
            "messages": channel.messages,
            "slots": tracker.current_slot_values(),
            "active_loop": tracker.active_loop_name,
            "paused": tracker.is_paused(),
            "actions": [
                event.action_name
                for event in list(tracker.events)[before:]
                if event.type_name == "action"
            ],
        }
        print(json.dumps(answer, ensure_ascii=False), flush=True)


asyncio.run(main())
