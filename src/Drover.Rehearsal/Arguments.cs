namespace Drover.Rehearsal;

/// <summary>A command line of <c>--name value</c> pairs. It stands in for other programs, whose flags it does not all know: those are passed over.</summary>
internal sealed class Arguments(IReadOnlyList<string> words)
{
    /// <summary>The word after the flag, or null. The last one counts.</summary>
    public string? Value(string flag)
    {
        for (var i = End - 2; i >= 0; i--)
            if (words[i] == flag) return words[i + 1];
        return null;
    }

    /// <summary>The words after each of these flags, in order.</summary>
    public IReadOnlyList<string> Values(string flag) => [.. Enumerable.Range(0, Math.Max(0, End - 1)).Where(i => words[i] == flag).Select(i => words[i + 1])];

    public bool Has(string flag) => words.Take(End).Contains(flag);

    /// <summary>What stands after <c>--</c>, or null.</summary>
    public string? Rest => End < words.Count ? string.Join(' ', words.Skip(End + 1)) : null;

    private int End => words.Contains("--") ? words.ToList().IndexOf("--") : words.Count;
}
