"""Relative times and their words, which the server and the page's script render alike."""

HOUR, DAY = 3600, 86400
RELATIVE_TIMES = {
    0: "now",
    44: "now",
    -44: "now",
    45: "in 1 min",
    -89: "1 min ago",
    -150: "3 min ago",
    2400: "in 40 min",
    -3569: "59 min ago",
    -3570: "1 h ago",
    HOUR: "in 1 h",
    HOUR + 12 * 60: "in 1 h 12",
    -(2 * HOUR + 5 * 60): "2 h 05 ago",
    47 * HOUR + 59 * 60: "in 47 h 59",
    -2 * DAY: "2 days ago",
    60 * HOUR: "in 3 days",
    -84 * HOUR: "4 days ago",
    -400 * DAY: "400 days ago",
}
