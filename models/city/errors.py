"""What goes wrong with a city is said in one paragraph that names the file and the mend."""


class CityError(ValueError):
    """A city cannot be built from the settings or the files given.

    The message is one readable paragraph; the command line prints it and ends with exit code 2.
    """
