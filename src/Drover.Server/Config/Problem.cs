namespace Drover.Server.Config;

/// <summary>Something wrong in a configuration file, and where.</summary>
/// <param name="Path">The key with its parents (<c>agents.coder.adapter</c>); empty for the file as a whole.</param>
internal sealed record Problem(string File, int Line, int Column, string Path, string Text)
{
    public override string ToString() => Path.Length == 0 ? $"{File}:{Line}:{Column}: {Text}" : $"{File}:{Line}:{Column}: {Path}: {Text}";
}

/// <summary>What is wrong in one file. All of it is collected, so that a user mends a file once.</summary>
internal sealed class Problems(string file)
{
    private const int Most = 100;
    private readonly List<Problem> _found = [];

    internal bool Any => _found.Count > 0;

    /// <summary>In the order of the file.</summary>
    internal IReadOnlyList<Problem> All => [.. _found.OrderBy(p => p.Line).ThenBy(p => p.Column)];

    internal void Add(int line, int column, string path, string text)
    {
        if (_found.Count < Most) _found.Add(new(file, line, column, path, text));
    }

    /// <summary>The start of a text, on one line and without control characters.</summary>
    internal static string Cut(string text, int most)
    {
        var line = new string([.. text.Take(most).Select(c => char.IsControl(c) ? ' ' : c)]);
        return text.Length > most ? line + "…" : line;
    }
}

/// <summary>A value and the place it was found at, which is where its problems are reported.</summary>
internal readonly record struct Found(YamlValue Value, string Path, Problems Problems)
{
    internal bool Fail(string text)
    {
        Problems.Add(Value.Line, Value.Column, Path, text);
        return false;
    }

    internal Found In(YamlValue value, string key) => new(value, Path.Length == 0 ? key : $"{Path}.{key}", Problems);

    internal Found Item(YamlValue value, int index) => new(value, $"{Path}[{index}]", Problems);
}
