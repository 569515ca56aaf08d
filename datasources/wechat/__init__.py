"""WeChat: who stands behind the codes of a mini program."""
