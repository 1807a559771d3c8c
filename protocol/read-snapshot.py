#!/usr/bin/env python3
"""Reads ledgers' snapshot files of format 2 and proves them, from nothing but 03-lines.md, 09-snapshots.md and 12-proof.md.

    read-snapshot.py FILE...         says of each what was proved, or what does not hold, and ends with 1 where one is not
    read-snapshot.py FILE --lines    prints the history, a server's line each

It is here to show that a file can be read without the programs that wrote it. What the cells fold to is not looked at.
"""

import base64
import hashlib
import re
import sys
import zlib

MEMBER = bytes.fromhex("1f8b0804000000000003" + "0800545a0400")
MEMBER_BYTES = range(29, 2162688 + 1)
BLOCK_BYTES = 2097152
LINE_BYTES = 65538
AUTHOR_BYTES = 65280
SALT_BYTES = 16
SALTS_IN_LINE = 512

# The tokens of 03-lines.md, over bytes, which is what limits count. What controls there are is looked at apart.
NUMBER = rb"(?:0|[1-9][0-9]{0,17})"
B32 = rb"[0-9a-hjkmnp-tv-z]"
REPLICA = B32 + rb"{8,15}"
EDIT = REPLICA + rb"\.(" + NUMBER + rb")/(" + NUMBER + rb")"
STAMP = rb"[0-9a-f]" + B32 + rb"{12}"
SHIFT = rb"(?:0|-?[1-9][0-9]{0,10})\??"
NAME = rb"[0-9a-z_\-\x80-\xff]{1,128}"
ENTITY = rb"(?:\.|" + EDIT + rb"|" + NAME + rb"(?:\." + NAME + rb"){0,7})"
FIELD = NAME + rb"(?:/" + NAME + rb"){0,7}"
VALUE = rb"(?:\\-|(?:[^\\]|\\[\\nt])+)"
AUTHOR = b" ".join([EDIT, rb"(" + NUMBER + rb")", STAMP, SHIFT, rb"(?:-|" + EDIT + rb")", ENTITY, FIELD, VALUE])
LINE = re.compile(b" ".join([rb"(" + NUMBER + rb")", STAMP, NAME, rb"(" + AUTHOR + rb")"]))
CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")
EPOCH = rb"g[1-9][0-9]{0,8}\.[0-9a-f]{16}"

HEADER = re.compile(
    rb"taizhang-snapshot 2 ledger\nledger (?P<ledger>" + NAME + rb")\ncreated " + STAMP
    + rb"\nepoch (?P<epoch>" + EPOCH + rb")\n(?P<parents>(?:parent " + b" ".join([EPOCH, NUMBER, NUMBER])
    + rb"\n){0,10000})(?:held " + STAMP + rb"\n)?taken " + STAMP + rb"\nseq (?P<seq>" + NUMBER + rb")\nhead (?P<head>" + NUMBER
    + rb":[0-9a-f]{64})\n")
REFUSAL = re.compile(rb"- (" + REPLICA + rb")\.(" + NUMBER + rb") [0-9a-f]{32} .+", re.DOTALL)


def hold(is_so, otherwise):
    if not is_so:
        raise ValueError(otherwise)


def blocks_of(data):
    """The gzip members, found from length to length."""
    place, blocks = 0, []
    while place < len(data):
        hold(data[place:place + 16] == MEMBER, f"no block begins at byte {place}")
        length = int.from_bytes(data[place + 16:place + 20], "little")
        hold(length in MEMBER_BYTES and length <= len(data) - place, f"the length of the block at byte {place}")
        blocks.append(data[place:place + length])
        place += length
    return blocks


def text_of(block):
    """What is packed in a block: whole lines of UTF-8."""
    inflate = zlib.decompressobj(-15)
    text = inflate.decompress(block[20:-8], BLOCK_BYTES + 1)
    ends = zlib.crc32(text).to_bytes(4, "little") + len(text).to_bytes(4, "little")
    hold(inflate.eof and not inflate.unused_data and ends == block[-8:], "a block is not what was packed")
    hold(len(text) <= BLOCK_BYTES and text.endswith(b"\n"), "a block is too long, or ends within a line")
    hold(max(map(len, text.split(b"\n"))) <= LINE_BYTES, "a line is too long")
    text.decode("utf-8")
    return text


def lines_of(text):
    return text.split(b"\n")[:-1]


def check_header(header):
    epochs = [line.split(b" ")[1] for line in lines_of(header["parents"])] + [header["epoch"]]
    generations = [int(epoch[1:].split(b".")[0]) for epoch in epochs]
    hold(generations == sorted(set(generations)), "the parents are not in their order")
    for line in lines_of(header["parents"]):
        _, _, seq, linked = line.split(b" ")
        hold(int(linked) <= int(seq), "a parent is linked behind its fork")
    hold(not CONTROL.search(header["ledger"]), "the ledger's name")


def check_line(line, seq):
    """That a server's line is in its one spelling, and has that seq."""
    match = LINE.fullmatch(line)
    hold(match and not CONTROL.search(line), f"line {seq} is not in its one spelling")
    found, author, n, i, k, base_n, base_i, entity_n, entity_i = match.groups(b"1")
    hold(int(found) == seq, f"line {seq} is not where it belongs")
    hold(all(1 <= int(number) < 1 << 53 for number in (found, n, base_n, entity_n))
         and all(1 <= int(number) < 1 << 16 for number in (i, k, base_i, entity_i))
         and int(i) <= int(k) and len(author) <= AUTHOR_BYTES, f"line {seq} is beyond a limit")


def salts_of(lines, count):
    """The salts of `count` lines: as many in each `~` line as go there, in one spelling."""
    salts = b"".join(base64.urlsafe_b64decode(line[2:] + b"==") for line in lines)
    wide = SALT_BYTES * SALTS_IN_LINE
    spelled = [base64.urlsafe_b64encode(salts[start:start + wide]).rstrip(b"=") for start in range(0, len(salts), wide)]
    hold(len(salts) == SALT_BYTES * count and lines == [b"~ " + word for word in spelled], "the salts")
    return [salts[start:start + SALT_BYTES] for start in range(0, len(salts), SALT_BYTES)]


def history_of(found, seq, head):
    """The lines of a block behind `seq`, each with its salt; None behind `head`, where they are not linked."""
    count = sum(line[:2] == b"+ " for line in found)
    linked = max(0, min(count, head - seq))
    for place, (line, salt) in enumerate(zip(found, salts_of(found[count:], linked) + [None] * (count - linked))):
        hold(line[:2] == b"+ ", "a line behind salts")
        check_line(line[2:], seq + place + 1)
        yield line[2:], salt


def refusal_of(line):
    match = REFUSAL.fullmatch(line)
    hold(match and 1 <= int(match[2]) < 1 << 53, "a refusal is not in its one spelling")
    return match[1], int(match[2])


def prove(data):
    """The history of a file, and what is to be said of it."""
    blocks = blocks_of(data)
    texts = [text_of(block) for block in blocks]
    order = re.fullmatch(rb"(t=*\+*-*)b+", b"".join(text[:1] for text in texts))
    header = order and HEADER.fullmatch(texts[0])
    hold(header, "the header, or the order of the blocks")
    check_header(header)
    cells, lines, refusals, linked, link, index = [], [], [], 0, bytes(32), []
    for block, text in list(zip(blocks, texts))[:order.end(1)]:
        found = lines_of(text)
        if text[:1] == b"=":
            hold(all(line[:2] == b"= " for line in found), "what stands among the cells")
            cells += [line[2:] for line in found]
        elif text[:1] == b"+":
            for line, salt in history_of(found, len(lines), int(header["head"].split(b":")[0])):
                lines.append(line)
                if salt is not None:
                    linked += 1
                    link = hashlib.sha256(link + hashlib.sha256(salt + line).digest()).digest()
        elif text[:1] == b"-":
            refusals += [refusal_of(line) for line in found]
        index.append(b"block %d %s %d %d:%s\n" % (
            len(block), hashlib.sha256(block).hexdigest().encode(), len(lines), linked, link.hex().encode()))
    hold(header["head"] == b"%d:%s" % (linked, link.hex().encode()), "the links do not lead to the head")
    hold(int(header["seq"]) == len(lines), "lines are missing, or behind the seq")
    seqs = [int(cell.split(b" ")[0]) for cell in cells]
    hold(seqs == sorted(set(seqs)), "the cells are not in their order")
    hold(all(lines[seq - 1] == cell for seq, cell in zip(seqs, cells)), "a cell is not the line of its seq")
    hold(refusals == sorted(set(refusals)), "the refusals are not in their order")
    index = b"".join(index) + b"count %d %d %d\n" % (len(cells), len(lines), len(refusals))
    end = b"end sha256 %s\n" % hashlib.sha256(index).hexdigest().encode()
    hold(b"".join(texts[order.end(1):]) == index + end, "the index is not that of the blocks")
    return lines, b"proved: %s, %d lines, %d cells, %d refusals, head %s.%s" % (
        header["ledger"], len(lines), len(cells), len(refusals), header["epoch"], header["head"])


def main():
    files = [word for word in sys.argv[1:] if word != "--lines"]
    are_proved = bool(files)
    for name in files:
        try:
            with open(name, "rb") as file:
                lines, words = prove(file.read())
        except (OSError, ValueError, LookupError, zlib.error) as error:
            print(f"not proved: {name}: {error}", file=sys.stderr)
            are_proved = False
        else:
            for line in lines if "--lines" in sys.argv else [words]:
                sys.stdout.buffer.write(line + b"\n")
    sys.exit(0 if are_proved else 1)


main()
