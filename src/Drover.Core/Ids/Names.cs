namespace Drover.Core;

/// <summary>A run's id: random, 16 lower-case hexadecimal digits. It names the run's directory.</summary>
public readonly record struct RunId(string Value)
{
    public override string ToString() => Value;

    public static RunId New(Random random) => new(random.NextInt64(long.MaxValue).ToString("x16", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Null unless the text has the exact form of an id, so that one from outside can never leave the run directory.</summary>
    public static RunId? TryParse(string? text) =>
        text is { Length: 16 } && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f') ? new(text) : null;
}

/// <summary>A project's id: lower-case ASCII letters, digits and dashes, 1 to 40 characters.</summary>
public readonly record struct ProjectId(string Value)
{
    public override string ToString() => Value;

    public static ProjectId? TryParse(string? text) =>
        text is { Length: > 0 and <= 40 } && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? new(text) : null;

    /// <summary>An id made of a directory's name; <c>project</c> when nothing of it can stay.</summary>
    public static ProjectId From(string name)
    {
        var kept = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        return TryParse(kept.Length > 40 ? kept[..40].Trim('-') : kept) ?? new("project");
    }
}

/// <summary>A machine that runs agents. Every path, pid, worktree and conversation belongs to one.</summary>
public readonly record struct NodeId(string Value)
{
    public static readonly NodeId Local = new("local");

    public override string ToString() => Value;
}

/// <summary>A full branch name without <c>refs/heads/</c>.</summary>
public readonly record struct BranchName(string Value)
{
    public string Ref => $"refs/heads/{Value}";

    public override string ToString() => Value;
}

/// <summary>A commit's object id: 40 (or 64) lower-case hexadecimal digits.</summary>
public readonly record struct CommitSha(string Value)
{
    public string Short => Value[..Math.Min(10, Value.Length)];

    public override string ToString() => Value;
}

/// <summary>A tree's object id: what a gate's receipt is bound to.</summary>
public readonly record struct TreeSha(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The id of a steer, an approval, a turn or a message: a UUID in its usual spelling, since agents echo it.</summary>
public readonly record struct MessageId(string Value)
{
    public override string ToString() => Value;

    public static MessageId New(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new(new Guid(bytes).ToString());
    }
}
