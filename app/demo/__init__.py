"""The practice company 禾安到府 Hean Home Services, made by completing tasks in turned time."""
