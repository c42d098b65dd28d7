using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Drover.Server.Init;

/// <summary>A command that probably tests the project.</summary>
/// <param name="Run">One argument each; a single text is a shell line.</param>
/// <param name="Why">What it was seen by.</param>
internal sealed record Guess(IReadOnlyList<string> Run, string Why)
{
    public bool IsShellLine => Run.Count == 1 && Run[0].Contains(' ');
}

/// <summary>Looks at the files of a checkout for how its tests are run. Reads only the files it names, at most a megabyte each, and runs nothing.</summary>
internal static partial class GateGuess
{
    /// <summary>All that was found, the most likely first: what the project made for itself before what its language usually has.</summary>
    public static IReadOnlyList<Guess> Of(string root) => [.. Found(new(root))];

    private static IEnumerable<Guess> Found(Checkout root)
    {
        foreach (var script in new[] { "script/test", "scripts/test", "bin/test", "test.sh" })
            if (root.IsProgram(script)) yield return new(["./" + script], $"{script} is a program");
        if (root.IsProgram("dev") && TestArm().IsMatch(root.Text("dev"))) yield return new(["./dev", "test"], "./dev knows the word test");
        foreach (var name in new[] { "Makefile", "makefile", "GNUmakefile" })
            if (Target().Match(root.Text(name)) is { Success: true } target) yield return new(["make", target.Groups[1].Value], $"{name} has the target {target.Groups[1].Value}");
        foreach (var name in new[] { "justfile", "Justfile" })
            if (Recipe().IsMatch(root.Text(name))) yield return new(["just", "test"], $"{name} has the recipe test");
        if (Node(root) is { } node) yield return node;
        if (root.Has("Cargo.toml")) yield return new(["cargo", "test"], "Cargo.toml");
        if (root.Has("go.mod")) yield return new(["go", "test", "./..."], "go.mod");
        if (root.First("*.slnx", "*.sln", "*.csproj", "*.fsproj") is { } solution) yield return new(["dotnet", "test"], solution);
        if (Python(root) is { } python) yield return python;
        if (root.Has("pom.xml")) yield return new([root.IsProgram("mvnw") ? "./mvnw" : "mvn", "-q", "test"], "pom.xml");
        if (root.First("build.gradle", "build.gradle.kts") is { } gradle) yield return new([root.IsProgram("gradlew") ? "./gradlew" : "gradle", "test"], gradle);
        if (root.Has("mix.exs")) yield return new(["mix", "test"], "mix.exs");
        if (root.Has("Gemfile") && root.Has("spec")) yield return new(["bundle", "exec", "rspec"], "Gemfile and spec/");
    }

    /// <summary>Gates run in a clean checkout, so what the tests need is installed first.</summary>
    private static Guess? Node(Checkout root)
    {
        if (Member(root.Text("package.json"), "scripts", "test") is not { } test || test.Contains("no test specified", StringComparison.Ordinal)) return null;
        const string why = "package.json has a test script";
        if (root.Has("pnpm-lock.yaml")) return new(["pnpm install --frozen-lockfile && pnpm test"], why);
        if (root.Has("yarn.lock")) return new(["yarn install --frozen-lockfile && yarn test"], why);
        if (root.Has("bun.lock") || root.Has("bun.lockb")) return new(["bun install --frozen-lockfile && bun run test"], why);
        if (root.Has("package-lock.json")) return new(["npm ci && npm test"], why);
        var needsNothing = Member(root.Text("package.json"), "dependencies") is null && Member(root.Text("package.json"), "devDependencies") is null;
        return needsNothing ? new(["npm", "test"], why) : new(["npm install && npm test"], why);
    }

    private static Guess? Python(Checkout root)
    {
        var project = root.Text("pyproject.toml");
        var usesPytest = project.Contains("pytest", StringComparison.Ordinal) || root.Has("pytest.ini") || root.Has("conftest.py")
            || root.Text("setup.cfg").Contains("[tool:pytest]", StringComparison.Ordinal);
        if (root.Has("uv.lock")) return new(["uv", "run", "pytest"], "uv.lock");
        if (root.Has("tox.ini")) return new(["tox"], "tox.ini");
        if (usesPytest) return new(["python3", "-m", "pytest"], "the project uses pytest");
        return project.Length > 0 || root.Has("setup.py") ? new(["python3", "-m", "unittest", "discover"], project.Length > 0 ? "pyproject.toml" : "setup.py") : null;
    }

    /// <summary>What stands at a path of names in a JSON object: a text as it is, anything else as "…"; null when it is absent or the text is no JSON.</summary>
    private static string? Member(string json, params ReadOnlySpan<string> names)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var at = document.RootElement;
            foreach (var name in names)
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
            return at.ValueKind == JsonValueKind.String ? at.GetString() : "…";
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A directory in which files are looked up by name.</summary>
    private readonly record struct Checkout(string Root)
    {
        private const int MostBytes = 1 << 20;

        public bool Has(string name) => Path.Exists(Path.Combine(Root, name));

        public bool IsProgram(string name) => File.Exists(Path.Combine(Root, name)) && (File.GetUnixFileMode(Path.Combine(Root, name)) & UnixFileMode.UserExecute) != 0;

        public string? First(params ReadOnlySpan<string> patterns)
        {
            foreach (var pattern in patterns)
                if (Directory.EnumerateFiles(Root, pattern).Order(StringComparer.Ordinal).FirstOrDefault() is { } file) return Path.GetFileName(file);
            return null;
        }

        /// <summary>The start of a file; empty when it cannot be read.</summary>
        public string Text(string name)
        {
            if (!File.Exists(Path.Combine(Root, name))) return "";
            try
            {
                using var file = File.OpenRead(Path.Combine(Root, name));
                var buffer = new byte[Math.Min(file.Length, MostBytes)];
                return Encoding.UTF8.GetString(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }
    }

    [GeneratedRegex(@"^\s*(""?)(\w+\s*\|\s*)*test(\s*\|\s*\w+)*\1\)", RegexOptions.Multiline)]
    private static partial Regex TestArm();

    [GeneratedRegex(@"^(test|check)\s*:(?!=)", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex(@"^test\b[^:=\n]*:(?!=)", RegexOptions.Multiline)]
    private static partial Regex Recipe();
}
