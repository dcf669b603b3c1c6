"""The doors: what people and programs see of Evenhand."""
