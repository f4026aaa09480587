"""How a migration puts up the wall around new things: one module for each noun, with SQL functions beside it."""

from importlib import import_module
from pathlib import Path
from typing import Any

from migrations.wall import policies

NEVER = "CREATE TRIGGER never BEFORE {} ON {} FOR EACH ROW EXECUTE FUNCTION portal_never()"


class Nouns:
    """Modules of one package, each with the names that `statements` asks for, as far as it needs them."""

    def __init__(self, package: str, *nouns: str) -> None:
        self._modules = [import_module(f"{package}.{noun}") for noun in nouns]

    def listed(self, name: str) -> tuple[Any, ...]:
        """What the modules give under this name, one after the other."""
        return tuple(each for module in self._modules for each in getattr(module, name, ()))

    def functions(self) -> list[str]:
        """The statements that make functions; each ends its body with `END $$;` on a line of its own."""
        paths = [Path(str(module.__file__)).with_suffix(".sql") for module in self._modules]
        texts = [path.read_text() for path in paths if path.exists()]
        return [body + "END $$" for text in texts for body in text.split("END $$;\n")[:-1]]

    def guarded(self) -> dict[str, tuple[str, ...]]:
        """New functions of the guard, and who may call each."""
        return {name: callers for module in self._modules for name, callers in getattr(module, "GUARDED", {}).items()}

    def statements(self) -> list[str]:
        """Everything in order: tables walled, policies, functions and who calls them, what never changes, the rest."""
        behind = policies.statements(self.listed("POLICIES"), self.listed("SHOWN"))
        before = (*policies.walled(list(self.listed("TABLES"))), *behind, *self.functions())
        return [*before, *self._guards(), *self._nevers(), *self.listed("STATEMENTS")]

    def _guards(self) -> list[str]:
        out = [f"GRANT SELECT, INSERT, UPDATE ON {table} TO portal_guard" for table in self.listed("TABLES")]
        for function, callers in self.guarded().items():
            out.append(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
            out.append(f"ALTER FUNCTION {function} OWNER TO portal_guard")
            out += [f"GRANT EXECUTE ON FUNCTION {function} TO {caller}" for caller in callers]
        return out

    def _nevers(self) -> list[str]:
        written_once = [NEVER.format("UPDATE OR DELETE", table) for table in self.listed("INSERT_ONLY")]
        return [*written_once, *(NEVER.format("DELETE", table) for table in self.listed("NEVER_REMOVED"))]
