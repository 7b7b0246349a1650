"""What the workbench does at a key: the list that `?` shows; static/js/keyboard.js obeys it."""

SHORTCUTS = (
    (
        "Training",
        (
            (("Ctrl", "Enter"), "train"),
            (("P",), "pause, or resume"),
            (("S",), "one step, while paused"),
        ),
    ),
    (
        "Wiring",
        (
            (("/",), "search the palette; Enter adds what is found, Esc leads to it"),
            (("Tab",), "from node to node, and from port to port"),
            (("Enter",), "on an output, then on an input: lay a wire"),
            (("Enter",), "on a node or a wire: select it"),
            (("W",), "to the wires of the selected nodes, one after the other"),
            (("Arrows",), "move the selected nodes"),
            (("F2",), "to the name and settings of the selected node; Esc leads back"),
            (("Delete",), "remove what is selected"),
            (("Esc",), "leave what was begun"),
        ),
    ),
    (
        "Editing",
        (
            (("Ctrl", "Z"), "undo"),
            (("Ctrl", "Shift", "Z"), "redo"),
            (("Ctrl", "C"), "copy"),
            (("Ctrl", "V"), "paste"),
            (("Ctrl", "D"), "duplicate what is selected"),
            (("Ctrl", "A"), "select all"),
            (("Ctrl", "G"), "fold what is selected into a team"),
            (("Ctrl", "Shift", "G"), "unfold the selected team"),
            (("O",), "open the selected team"),
        ),
    ),
    (
        "Looking",
        (
            (("Shift", "T"), "tidy: lay the nodes out anew"),
            (("Shift", "F"), "show the whole graph"),
            (("?",), "this list"),
        ),
    ),
)
