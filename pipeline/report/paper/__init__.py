"""What every report is written on: pages and notebooks, the look of figures, sheets."""
