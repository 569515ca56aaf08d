"""The tests mirror the rooms; a name is a sentence of the business."""
