"""Field types, one a module: `FIELD_TYPE` says how such a field is found, normalised, validated and entered."""
