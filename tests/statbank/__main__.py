"""Serve by hand until Ctrl-C: python -m tests.statbank [--port 8765] [--misbehave NAME[:TABLE]]…"""

import argparse
import threading

from tests.statbank.server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.statbank")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--misbehave", action="append", default=[], metavar="NAVN[:TABELL]")
    given = parser.parse_args()
    with Server(port=given.port) as server:
        for text in given.misbehave:
            name, _, table = text.partition(":")
            try:
                server.misbehave(name, table=table or None, times=None)
            except ValueError as error:  # a fault that needs options cannot be asked for by hand
                parser.error(str(error))
        print(_instructions(server), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("Stoppet.")


def _instructions(server: Server) -> str:
    settings = {
        "KUNNSKAP_STATBANK_URL": server.statbank_url,
        "KUNNSKAP_KLASS_URL": server.klass_url,
        "KUNNSKAP_CALLS_PER_MINUTE": "0",
    }
    posix = "export " + " ".join(f"{name}={text}" for name, text in settings.items())
    powershell = "; ".join(f'$env:{name} = "{text}"' for name, text in settings.items())
    return (
        "Testserver med SYNTETISKE TALL. La dette vinduet stå åpent, og lim inn i et annet vindu:\n"
        f"  Linux og macOS:      {posix}\n"
        f"  Windows PowerShell:  {powershell}\n"
        "Avslutt med Ctrl-C."
    )


if __name__ == "__main__":
    main()
