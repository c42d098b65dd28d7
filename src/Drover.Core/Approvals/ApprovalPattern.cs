namespace Drover.Core;

/// <summary>One line of <c>approvals.allow</c> or <c>approvals.deny</c>: a command (<c>git push *</c>), or <c>edit:</c>, <c>read:</c>, <c>tool:</c> with a glob.</summary>
public sealed class ApprovalPattern
{
    private const string Operators = "&;|<>()$`\\'\"\n\r";

    private readonly string _text;
    private readonly string? _glob;
    private readonly AskedKind? _kind;
    private readonly CommandPattern? _command;

    private ApprovalPattern(string text, string? glob, AskedKind? kind, CommandPattern? command) => (_text, _glob, _kind, _command) = (text, glob, kind, command);

    /// <summary>The pattern, or why it is none.</summary>
    /// <param name="forAllowing">A pattern that allows must name the program it allows.</param>
    public static (ApprovalPattern? Pattern, string? Complaint) Parse(string text, bool forAllowing)
    {
        if (text.Length is 0 or > 500 || string.IsNullOrWhiteSpace(text)) return (null, "is a pattern of 1 to 500 characters such as `git push *`, `edit:docs/**`, `tool:WebFetch`");
        foreach (var (prefix, kind) in ((string, AskedKind?)[])[("edit:", AskedKind.Edit), ("read:", AskedKind.Read), ("tool:", null)])
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
                return text.Length == prefix.Length ? (null, $"has nothing behind `{prefix}`") : (new(text, text[prefix.Length..], kind, null), null);
        }

        var line = text.StartsWith("command:", StringComparison.Ordinal) ? text["command:".Length..] : text;
        if (line.AsSpan().ContainsAny(Operators)) return (null, "holds a character that shells read as more than one plain command; a pattern is about one program and its arguments, and each part of a longer command is held against it");
        if (line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is not [var program, ..] words) return (null, "names no command");
        if (forAllowing && program.Contains('*')) return (null, "must begin with the name of a program; `default: allow` allows everything");
        return (new(text, null, AskedKind.Command, new(words)), null);
    }

    /// <summary>Whether the pattern speaks of all that is asked: only then it may allow it.</summary>
    public bool Covers(string tool, AskedFor what, string root)
    {
        if (_kind is not { } kind) return Glob.Matches(_glob!, tool);
        if (what.Kind != kind || !what.IsWhole) return false;
        return _command is { } command ? command.Covers(what.Command!)
            : what.Files.All(f => AskedPath.Of(f, root) is { } path && path.StartsWith('/') == _glob!.StartsWith('/') && Glob.MatchesPath(_glob, path));
    }

    /// <summary>Whether the pattern speaks of any part of what is asked: then it may deny it.</summary>
    public bool Touches(string tool, AskedFor what, string root)
    {
        if (_kind is not { } kind) return Glob.Matches(_glob!, tool);
        if (what.Kind != kind) return false;
        return _command is { } command ? what.Command is { } line && command.Touches(line)
            : what.Files.Any(f => Glob.MatchesPath(_glob!, f) || AskedPath.Of(f, root) is { } path && Glob.MatchesPath(_glob!, path));
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;
}
