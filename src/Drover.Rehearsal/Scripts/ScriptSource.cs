using System.Globalization;

namespace Drover.Rehearsal.Scripts;

/// <summary>Finds a script by the word on the command line: a file, or <c>builtin:NAME</c>.</summary>
internal static class ScriptSource
{
    private const string BuiltIn = "builtin:";

    /// <summary>Throws <see cref="ScriptException"/> when there is no such script or it cannot be played.</summary>
    public static Script Open(string source)
    {
        // The benchmarks start this one a thousand times: no YAML is read for it.
        if (source == "builtin:stream" || source.StartsWith("builtin:stream?", StringComparison.Ordinal)) return Stream(source);

        if (source.StartsWith(BuiltIn, StringComparison.Ordinal))
        {
            var resource = typeof(ScriptSource).Assembly.GetManifestResourceStream(source[BuiltIn.Length..] + ".yaml")
                ?? throw new ScriptException(source, 1, 1, $"no such built-in script; there are: {string.Join(", ", Names())}");
            using var embedded = new StreamReader(resource);
            return ScriptReader.Read(source, embedded);
        }

        try
        {
            using var file = new StreamReader(source);
            return ScriptReader.Read(source, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ScriptException(source, 1, 1, $"cannot be read: {e.Message}");
        }
    }

    public static IEnumerable<string> Names() =>
        typeof(ScriptSource).Assembly.GetManifestResourceNames().Select(name => Path.GetFileNameWithoutExtension(name)).Append("stream").Order();

    private static Script Stream(string source)
    {
        var (rate, seconds) = (20d, 30d);
        var query = source.Contains('?', StringComparison.Ordinal) ? source[(source.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";
        foreach (var setting in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, text) = setting.Split('=', 2) is [var key, var value] ? (key, value) : (setting, "");
            if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number <= 0 || number > 1e6)
                throw new ScriptException(source, 1, 1, $"'{setting}' is not a positive number; allowed: rate, seconds");
            if (name == "rate") rate = number;
            else if (name == "seconds") seconds = number;
            else throw new ScriptException(source, 1, 1, $"unknown setting '{name}'; allowed: rate, seconds");
        }

        var turn = Turn.Of([new Step.Stream(rate, TimeSpan.FromSeconds(seconds))]);
        return new Script([], new Part([], [], turn));
    }
}
