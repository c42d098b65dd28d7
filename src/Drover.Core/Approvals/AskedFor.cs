namespace Drover.Core;

/// <summary>What an agent wants to do when it asks for permission. <see cref="Question"/>: it asks for a choice and not for a permission.</summary>
public enum AskedKind { Command, Edit, Read, Fetch, Question, Other }

/// <summary>What an agent's question for permission is about, in words that mean the same for every vendor. It is small whatever the vendor sent: the whole
/// stands in the spool.</summary>
public sealed record AskedFor
{
    /// <summary>The longest command, diff or text that is kept, in characters.</summary>
    public const int Longest = 16 * 1024;

    /// <summary>The most files that are kept, and the longest path, in characters.</summary>
    public const int MostFiles = 100, LongestPath = 1024;

    private AskedFor(AskedKind kind) => Kind = kind;

    /// <summary>Nothing is known of it but the tool's name.</summary>
    public static readonly AskedFor Unknown = new(AskedKind.Other);

    public AskedKind Kind { get; }

    /// <summary>The command line, as a shell would read it; only with <see cref="AskedKind.Command"/>, and null when the agent did not show it.</summary>
    public string? Command { get; private init; }

    /// <summary>The paths it is about, as the agent spelt them.</summary>
    public IReadOnlyList<string> Files { get; private init; } = [];

    /// <summary>What would change, for people: a unified diff, or lines that begin with <c>-</c> and <c>+</c>.</summary>
    public string? Diff { get; private init; }

    /// <summary>The agent's own words on it (a title, a reason, an address, the question), for people.</summary>
    public string? Text { get; private init; }

    /// <summary>Something of it was too long, so that what is here is not the whole.</summary>
    public bool IsCut { get; private init; }

    /// <summary>What rules judge by is here, and all of it: the command, or the files. Nothing else may be allowed by its looks.</summary>
    public bool IsWhole { get; private init; }

    /// <param name="isAll">False when more is asked for than to start this very command in the usual way, or when these may not be its very words: a denial may still speak of it.</param>
    public static AskedFor OfCommand(string? command, string? text = null, bool isAll = true) => new AskedFor(AskedKind.Command)
    {
        Command = Kept(command),
        IsCut = command?.Length > Longest,
        IsWhole = isAll && command?.Length <= Longest,
    }.Saying(text);

    /// <param name="kind"><see cref="AskedKind.Edit"/> or <see cref="AskedKind.Read"/>.</param>
    /// <param name="files">Null or empty for one that the agent does not name: then there is more than can be seen.</param>
    /// <param name="isAll">False when more is asked for than these files.</param>
    public static AskedFor OfFiles(AskedKind kind, IReadOnlyCollection<string?> files, string? diff = null, string? text = null, bool isAll = true)
    {
        var all = files.OfType<string>().Where(f => f.Length > 0).Distinct(StringComparer.Ordinal).Take(MostFiles + 1).ToList();
        var fit = all.Count <= MostFiles && all.TrueForAll(f => f.Length <= LongestPath);
        return new AskedFor(kind)
        {
            Files = [.. all.Take(MostFiles).Where(f => f.Length <= LongestPath)],
            Diff = Kept(diff),
            IsCut = !fit || diff?.Length > Longest,
            IsWhole = isAll && fit && all.Count > 0 && !files.Any(string.IsNullOrEmpty),
        }.Saying(text);
    }

    public static AskedFor Of(AskedKind kind, string? text = null) => new AskedFor(kind).Saying(text);

    /// <summary>As it was stored, to be shown: no rule judges by it again.</summary>
    public static AskedFor Restored(AskedKind kind, string? command, IReadOnlyList<string> files, string? diff, string? text, bool isCut) =>
        new(kind) { Command = command, Files = files, Diff = diff, Text = text, IsCut = isCut };

    private AskedFor Saying(string? text) => this with { Text = Kept(text) };

    private static string? Kept(string? text) => text is not { Length: > Longest } ? text
        : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];
}
