"""`python -m pipeline` is the same as `kunnskap`. The processes a run starts read this file too: it imports nothing."""


def main() -> None:
    from pipeline.cli import main as kunnskap

    kunnskap()


if __name__ == "__main__":
    main()
