"""Files of conversations are read piece by piece, whoever made them, and whatever is wrong with them."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from convosphere.chat.transfer.reading import items, trees
from convosphere.chat.transfer.reading.errors import Fault, ImportRefusedError
from convosphere.chat.transfer.reading.files import ConversationFile, Found, PassedOver
from convosphere.chat.transfer.schema import FORMAT, HEAD, TAIL, VERSION, PortableConversation, written

Json = dict[str, Any]


def node(key: str, parent: str | None, role: str | None = None, text: str = "", **message: Any) -> Json:
    """One of ChatGPT's."""
    said = role and {
        "author": {"role": role},
        "content": {"content_type": "text", "parts": [text]},
        "create_time": message.pop("at", None),
        **message,
    }
    return {"id": key, "parent": parent, "children": [], "message": said or None}


def chatgpt(*nodes: Json, key: str = "c1", **fields: Any) -> Json:
    mapping = {each["id"]: each for each in nodes}
    return {"conversation_id": key, "title": "Owls", "create_time": 1700000000.5, "mapping": mapping, **fields}


def open_webui(*messages: Json, **fields: Any) -> Json:
    history = {"messages": {each["id"]: each for each in messages}, "currentId": messages[-1]["id"]}
    return {"id": "w1", "title": "Owls", "chat": {"models": ["llama3.2"], "history": history}, **fields}


def kept(tmp_path: Path, data: object, name: str = "file.json") -> Path:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def read(path: Path) -> list[Found | PassedOver]:
    with ConversationFile(path) as file:
        return list(file.conversations())


def one(path: Path) -> PortableConversation:
    (found,) = read(path)
    assert isinstance(found, Found)
    return found.conversation


def faults(found: list[Found | PassedOver]) -> list[str]:
    return [each.fault if isinstance(each, PassedOver) else "" for each in found]


QUESTION = node("q", "root", "user", "Who hunts?", at=1700000001)
ANSWER = node("a", "q", "assistant", "Bertram.", at=1700000002, metadata={"model_slug": "gpt-4o"})


def test_chatgpt_comes_with_all_branches_and_without_what_was_hidden(tmp_path: Path) -> None:
    told = one(
        kept(tmp_path, [
            chatgpt(
                node("root", None),
                node("system", "root", "system", "be brief"),
                node("profile", "system", "user", "I am Ada", metadata={"is_visually_hidden_from_conversation": True}),
                node("q", "profile", "user", "Who hunts?", at=1700000001),
                ANSWER,
                node("other", "q", "assistant", "Nobody.", at=1700000003),
                node("search", "q2", "assistant", "search(owls)", recipient="browser", at=1700000005),
                node("result", "search", "tool", "a page", at=1700000006),
                node("a2", "result", "assistant", "By night\ue200cite\ue202turn0\ue201.", at=1700000007),
                node("q2", "a", "user", "When?", at=1700000004),
                current_node="a2", is_archived=True,
            )
        ])
    )  # fmt: skip
    assert (told.id, told.title, told.is_archived) == ("chatgpt:c1", "Owls", True)
    said = [(each.number, each.parent, each.role, each.text) for each in told.messages]
    assert said == [
        (1, None, "user", "Who hunts?"),
        (2, 1, "assistant", "Bertram."),
        (3, 1, "assistant", "Nobody."),
        (4, 2, "user", "When?"),
        (5, 4, "assistant", "By night."),
    ]
    assert told.messages[1].model == "gpt-4o"
    assert [each.number for each in told.branch()] == [1, 2, 4, 5]
    assert told.count_branches() == 2


def test_words_for_marks_do_not_multiply(tmp_path: Path) -> None:
    mark = "\ue200a\ue201"
    doubling = [{"matched_text": mark, "alt": f"{mark}owl{mark}"}] * 22
    growing = [{"matched_text": "\ue200", "alt": "x" * 1_000_000}]
    for references, parts in ((doubling, [f"See {mark}."]), (growing, ["\ue200" * 100 + "end"])):
        metadata = {"content_references": references}
        content = {"content_type": "text", "parts": parts}
        answer = node("a", "q", "assistant", "x", content=content, metadata=metadata)
        said = one(kept(tmp_path, [chatgpt(QUESTION, answer)])).messages[1].text
        assert said in {"See owl.", "end"}


def test_messages_that_name_very_much_are_not_taken_in(tmp_path: Path) -> None:
    said = {"number": 1, "role": "assistant", "parts": [{"type": "text", "text": "x"}], "created_at": "2024-01-01",
            "error": {"text": "{a}" * 1_000, "values": {"a": "x" * 20_000}}}  # fmt: skip
    chat = {"id": "test:x", "created_at": "2024-01-01", "updated_at": "2024-01-01", "messages": [said]}
    file = {"format": "convosphere.conversations", "version": 1, "conversations": [chat]}
    assert faults(read(kept(tmp_path, file))) == ["damaged"]


def test_steps_of_one_answer_become_one_with_its_thoughts(tmp_path: Path) -> None:
    thought = node("t", "q", "assistant", at=1700000002)
    thought["message"]["content"] = {"content_type": "thoughts", "thoughts": [{"summary": "Owls", "content": "Night."}]}
    told = one(kept(tmp_path, [chatgpt(node("root", None), QUESTION, thought, node("x", "t", "assistant", "Bertram."),
                                       node("y", "x", "assistant", "By night."))]))  # fmt: skip
    answer = told.messages[1]
    assert answer.text == "Bertram.\n\nBy night."
    assert answer.parts[0].model_dump() == {"type": "thinking", "text": "Owls\n\nNight.", "ms": 0}


def test_chatgpt_s_zip_holds_parts_and_files(tmp_path: Path) -> None:
    asked = node("q", None, "user", "What is this?", at=1700000001,
                 metadata={"attachments": [{"id": "file-AB12", "name": "owl.png", "size": 3}]})  # fmt: skip
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations-001.json", json.dumps([chatgpt(QUESTION, ANSWER, key="c2")]))
        archive.writestr("conversations-000.json", json.dumps([chatgpt(asked)]))
        archive.writestr("user.json", "{}")
        archive.writestr("file-AB12-owl.png", b"png")
    found = read(path)
    assert [each.conversation.id for each in found if isinstance(each, Found)] == ["chatgpt:c1", "chatgpt:c2"]
    assert isinstance(found[0], Found)
    (file,) = found[0].conversation.messages[0].files
    assert (file.kind, file.name, file.content) == ("image", "owl.png", "file-AB12-owl.png")


def test_open_webui_comes_with_branches_tags_images_and_thoughts(tmp_path: Path) -> None:
    thought = '<details type="reasoning" done="true" duration="3">\n<summary>Thought</summary>\n> Night.\n</details>\n'
    told = open_webui(
        {"id": "1", "parentId": None, "role": "user", "content": "Who?", "timestamp": 1700000001,
         "files": [{"type": "image", "url": "data:image/png;base64,cG5n"}, {"type": "file", "name": "owls.pdf"}]},
        {"id": "2", "parentId": "1", "role": "assistant", "content": "Nobody.", "model": "m", "timestamp": 1700000002},
        {"id": "3", "parentId": "1", "role": "assistant", "content": f"{thought}Bertram.", "timestamp": 1700000003,
         "done": False},
        meta={"tags": ["birds", {"name": "night"}]}, pinned=True, created_at=1700000000, updated_at=1700000009,
    )  # fmt: skip
    (found,) = read(kept(tmp_path, [told]))
    assert isinstance(found, Found)
    conversation = found.conversation
    assert (conversation.id, conversation.tags, conversation.is_pinned) == ("open-webui:w1", ("birds", "night"), True)
    assert found.inline == {"inline:1": b"png"}
    assert [(file.name, file.content) for file in conversation.messages[0].files] == [
        ("image-1.png", "inline:1"), ("owls.pdf", None),
    ]  # fmt: skip
    assert [each.parent for each in conversation.messages] == [None, 1, 1]
    last = conversation.messages[2]
    assert (last.text, last.status, conversation.active) == ("Bertram.", "interrupted", 3)
    assert last.parts[0].model_dump() == {"type": "thinking", "text": "Night.", "ms": 3000}


def test_the_older_form_without_ids_is_known_again(tmp_path: Path) -> None:
    chat = open_webui({"id": "1", "parentId": None, "role": "user", "content": "Hello"})["chat"]
    first, again = (one(kept(tmp_path, [chat])).id for _ in range(2))
    assert first == again
    assert first.startswith("open-webui:sha256-")


def test_what_has_no_title_gets_its_first_words(tmp_path: Path) -> None:
    assert one(kept(tmp_path, [chatgpt(QUESTION, ANSWER, title=None)])).title == "Who hunts?"


def test_a_single_conversation_and_an_array_are_the_same(tmp_path: Path) -> None:
    chat = chatgpt(QUESTION, ANSWER)
    assert one(kept(tmp_path, chat)) == one(kept(tmp_path, [chat]))
    assert one(kept(tmp_path, b"\xef\xbb\xbf" + json.dumps([chat]).encode())).title == "Owls"


@pytest.mark.parametrize(
    ("nodes", "fault"),
    [
        ((node("a", "b", "user", "x"), node("b", "a", "user", "y")), Fault.CIRCLE),
        ((node("a", "a", "user", "x"),), Fault.CIRCLE),
        ((node("a", "b", "assistant", "x"), node("b", "a", "assistant", "y")), Fault.CIRCLE),
        ((node("root", None), node("s", "root", "system", "x")), Fault.EMPTY),
        ((), Fault.EMPTY),
    ],
)
def test_what_cannot_be_a_tree_is_passed_over_and_the_next_is_read(
    tmp_path: Path, nodes: tuple[Json, ...], fault: Fault
) -> None:
    found = read(kept(tmp_path, [chatgpt(*nodes), chatgpt(QUESTION, ANSWER, key="c2")]))
    assert faults(found) == [fault, ""]


def test_hidden_messages_that_go_round_do_not_hold_up_what_follows_them(tmp_path: Path) -> None:
    told = one(
        kept(tmp_path, [chatgpt(node("s", "t", "system"), node("t", "s", "system"), node("q", "s", "user", "x"))])
    )
    assert [each.text for each in told.messages] == ["x"]


def test_long_chains_are_read_up_to_a_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MOST_MESSAGES", 3_000)
    roles = ("user", "assistant")
    nodes = [node(str(n), str(n - 1) if n else None, roles[n % 2], "x", at=1700000000 + n) for n in range(3_000)]
    assert len(one(kept(tmp_path, [chatgpt(*nodes)])).messages) == 3_000
    nodes.append(node("more", "2999", "user", "x"))
    assert faults(read(kept(tmp_path, [chatgpt(*nodes)]))) == [Fault.TOO_LARGE]


def test_titles_and_texts_lose_what_hides_and_what_no_database_keeps(tmp_path: Path) -> None:
    told = one(
        kept(tmp_path, [chatgpt(node("q", None, "user", "a\x00b \ud83e"), title="\u202ePDF\x07\x00 <b>x</b>" * 99)])
    )
    assert told.title.startswith("PDF <b>x</b>PDF")
    assert len(told.title) <= 200
    assert "\x00" not in told.messages[0].text
    told.messages[0].text.encode()


@pytest.mark.parametrize("data", [b"", b"no json", b'"text"', b"7", b"\x00" * 50, b"{", b"[", b"<html>"])
def test_what_is_no_export_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ImportRefusedError):
        read(kept(tmp_path, data))


def test_json_of_something_else_is_refused(tmp_path: Path) -> None:
    for other in ([1, 2], [{"a": 1}], {"a": 1}, [[]]):
        with pytest.raises(ImportRefusedError):
            read(kept(tmp_path, other))


def test_what_stands_before_a_cut_comes_in(tmp_path: Path) -> None:
    data = json.dumps([chatgpt(QUESTION, ANSWER, key=f"c{n}") for n in range(5)]).encode()
    with ConversationFile(kept(tmp_path, data[: len(data) * 7 // 10])) as file:
        found = list(file.conversations())
    assert (faults(found), file.is_damaged) == (["", "", ""], True)


def test_what_ends_within_its_first_conversation_says_so(tmp_path: Path) -> None:
    data = json.dumps([chatgpt(QUESTION, ANSWER)]).encode()
    with pytest.raises(ImportRefusedError, match="ends in the middle"):
        read(kept(tmp_path, data[: len(data) // 2]))


def test_a_zip_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", json.dumps([chatgpt(QUESTION, ANSWER)]))
    with pytest.raises(ImportRefusedError):
        read(kept(tmp_path, path.read_bytes()[:-60], "cut.zip"))


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("conversations.json", "w") as member:
        for _ in range(60):
            member.write(b" " * 1_000_000)
    with pytest.raises(ImportRefusedError):
        read(path)


def test_a_locked_or_strangely_packed_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "strange.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("conversations.json", "[]")
    with pytest.raises(ImportRefusedError):
        read(path)
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ImportRefusedError):
        read(kept(tmp_path, bytes(data), "locked.zip"))


def test_absurd_depth_costs_one_conversation(tmp_path: Path) -> None:
    deep = b'{"mapping":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    data = b"[" + deep + b"," + json.dumps(chatgpt(QUESTION, ANSWER)).encode() + b"]"
    assert faults(read(kept(tmp_path, data))) == [Fault.TOO_DEEP, ""]


def test_a_conversation_that_would_fill_memory_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "LARGEST_ITEM", 300_000)
    monkeypatch.setattr(items, "MOST_EVENTS", 5_000)
    large = chatgpt(QUESTION, node("a", "q", "assistant", "x"), more=["y" * 1_000] * 2_000)
    many = chatgpt(QUESTION, more=[[]] * 10_000)
    found = read(kept(tmp_path, [large, many, chatgpt(QUESTION, ANSWER)]))
    assert faults(found) == [Fault.TOO_LARGE, Fault.TOO_LARGE, ""]
    with pytest.raises(ImportRefusedError):
        read(kept(tmp_path, [chatgpt(node("q", None, "user", "z" * 2_000_000))]))


OWN: Json = {
    "id": "convosphere:x", "title": "Owls", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-02T00:00:00Z",
    "active": 2, "messages": [
        {"number": 1, "role": "user", "parts": [{"type": "text", "text": "?"}], "created_at": "2026-01-01T00:00:00Z"},
        {"number": 2, "parent": 1, "role": "assistant", "created_at": "2026-01-01T00:00:01Z"},
    ],
}  # fmt: skip


def own(*conversations: Json, **head: Any) -> Json:
    return {"format": FORMAT, "version": VERSION, **head, "conversations": list(conversations)}


def changed(**fields: Any) -> Iterator[Json]:
    """A second message that is not as it should be."""
    yield {**OWN, "messages": [OWN["messages"][0], {**OWN["messages"][1], **fields}]}


def test_an_own_file_says_the_same_when_it_is_written_again(tmp_path: Path) -> None:
    conversation = one(kept(tmp_path, own(OWN)))
    path = kept(tmp_path, f"{HEAD}{written(conversation)}{TAIL}".encode())
    assert f"{HEAD}{written(one(path))}{TAIL}".encode() == path.read_bytes()


def test_a_file_of_a_newer_product_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="newer"):
        read(kept(tmp_path, own(OWN, version=VERSION + 1)))
    with pytest.raises(ImportRefusedError):
        read(kept(tmp_path, own(OWN, version="1")))


@pytest.mark.parametrize(
    ("conversation", "fault"),
    [
        ({**OWN, "messages": []}, Fault.EMPTY),
        ({**OWN, "active": 9}, Fault.DAMAGED),
        ({**OWN, "created_at": "then"}, Fault.DAMAGED),
        ({**OWN, "instructions": "x" * 8_001}, Fault.DAMAGED),
        ({**OWN, "documents": [{"id": "owls.md"}]}, Fault.DAMAGED),
        ({**OWN, "assistant": "Owlbert"}, Fault.DAMAGED),
        (next(changed(parent=2)), Fault.CIRCLE),
        (next(changed(parent=7)), Fault.CIRCLE),
        (next(changed(number=1)), Fault.DAMAGED),
        (next(changed(begins_at=5)), Fault.DAMAGED),
        (next(changed(role="system")), Fault.DAMAGED),
        (next(changed(status="streaming")), Fault.DAMAGED),
        (
            next(changed(parts=[{"type": "file", "kind": "image", "name": "x", "content": "/etc/passwd"}])),
            Fault.DAMAGED,
        ),
        (next(changed(effort={"ms": "much"})), Fault.DAMAGED),
    ],
)
def test_an_own_conversation_that_does_not_hold_together_is_passed_over(
    tmp_path: Path, conversation: Json, fault: Fault
) -> None:
    assert faults(read(kept(tmp_path, own(conversation, OWN)))) == [fault, ""]
