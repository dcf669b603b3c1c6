"""`evenhand init`: a house's settings and its key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to work.", show_default=False)],
    marketplace: Annotated[
        str, typer.Option("--marketplace", metavar="NAME", help="In whose name.", show_default=False)
    ],
    contact: Annotated[str, typer.Option("--contact", metavar="ADDRESS", help="Whom to ask.", show_default=False)],
    appeal_link: Annotated[
        str,
        typer.Option(
            "--appeal-link", metavar="URL", help="Where an appeal is filed, with `{token}`.", show_default=False
        ),
    ],
    *,
    as_json: Json = False,
) -> None:
    """Write the settings of a house and the key that signs for it."""
    from evenhand.wiring.offices import KEY, new_house

    file, public = new_house(folder, marketplace, contact, appeal_link)
    if as_json:
        print_json({"settings": str(file), "key": str(folder / KEY), "public_key": public})
    else:
        print(f"{file} written; the key is {folder / KEY}\npublic key {public}")
