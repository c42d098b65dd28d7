using Drover.Server.Init;
using Xunit;

namespace Drover.Server.Tests.Init;

public sealed class GateGuessTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("drover-guess-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("package.json", """{ "scripts": { "test": "vitest" }, "dependencies": {} }""", "npm install && npm test")]
    [InlineData("package.json", """{ "scripts": { "test": "node --test" } }""", "npm|test")]
    [InlineData("Makefile", "build:\n\tcc\n\ntest: build\n\t./t\n", "make|test")]
    [InlineData("Makefile", "check:\n\t./t\n", "make|check")]
    [InlineData("justfile", "test *args:\n  cargo test\n", "just|test")]
    [InlineData("Cargo.toml", "[package]\n", "cargo|test")]
    [InlineData("go.mod", "module x\n", "go|test|./...")]
    [InlineData("Shop.slnx", "<Solution />", "dotnet|test")]
    [InlineData("Shop.csproj", "<Project />", "dotnet|test")]
    [InlineData("pyproject.toml", "[tool.pytest.ini_options]\n", "python3|-m|pytest")]
    [InlineData("setup.py", "setup()\n", "python3|-m|unittest|discover")]
    [InlineData("tox.ini", "[tox]\n", "tox")]
    [InlineData("pom.xml", "<project/>", "mvn|-q|test")]
    [InlineData("build.gradle.kts", "plugins {}", "gradle|test")]
    [InlineData("mix.exs", "defmodule", "mix|test")]
    public void A_project_of_each_kind_gets_the_command_that_tests_it(string file, string content, string expected)
    {
        Put(file, content);

        Assert.Equal(expected, string.Join('|', Assert.Single(GateGuess.Of(_root)).Run));
    }

    [Theory]
    [InlineData("package-lock.json", "npm ci && npm test")]
    [InlineData("pnpm-lock.yaml", "pnpm install --frozen-lockfile && pnpm test")]
    [InlineData("yarn.lock", "yarn install --frozen-lockfile && yarn test")]
    public void A_gate_installs_what_it_needs_since_its_checkout_is_clean(string lockFile, string expected)
    {
        Put("package.json", """{ "scripts": { "test": "vitest" } }""");
        Put(lockFile, "");

        var guess = Assert.Single(GateGuess.Of(_root));
        Assert.True(guess.IsShellLine);
        Assert.Equal(expected, guess.Run[0]);
    }

    [Theory]
    [InlineData("package.json", """{ "scripts": { "test": "echo \"Error: no test specified\" && exit 1" } }""")]
    [InlineData("package.json", "{ broken")]
    [InlineData("package.json", """["scripts"]""")]
    [InlineData("Makefile", "tests.o: tests.c\n\tcc\nlatest:\n\t./x\n")]
    [InlineData("Makefile", "test := no\n")]
    [InlineData("README.md", "run make test")]
    public void Where_nothing_tests_the_project_nothing_is_guessed(string file, string content)
    {
        Put(file, content);

        Assert.Empty(GateGuess.Of(_root));
    }

    [Fact]
    public void What_the_project_made_for_itself_comes_before_what_its_language_usually_has()
    {
        Put("dev", "#!/bin/sh\ncase $1 in\n  build) make ;;\n  test) make check ;;\nesac\n");
        File.SetUnixFileMode(Path.Combine(_root, "dev"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Put("Cargo.toml", "");
        Put("Makefile", "test:\n\tcargo test\n");

        Assert.Equal(["./dev test", "make test", "cargo test"], GateGuess.Of(_root).Select(g => string.Join(' ', g.Run)));
    }

    [Fact]
    public void A_script_that_cannot_be_started_is_no_gate()
    {
        Put("test.sh", "exit 0\n");

        Assert.Empty(GateGuess.Of(_root));
    }

    private void Put(string name, string content) => File.WriteAllText(Path.Combine(_root, name), content);
}
