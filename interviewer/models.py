"""What every model in the product has in common: frozen, strict about unknown keys, non-empty text."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Frozen(BaseModel):
    """Base of all models: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


#: How many of something.
Count = Annotated[int, Field(ge=0)]

#: Text with at least one visible character; white space at the ends is dropped.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

#: An id that is safe in a file name, a shell and a URL: lower case words joined by hyphens.
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=1, max_length=80)]
