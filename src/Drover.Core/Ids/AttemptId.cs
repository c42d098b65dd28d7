using System.Globalization;

namespace Drover.Core;

/// <summary>One line of work on a ticket: <c>APP-12/2</c>. It owns the branch <c>drover/APP-12/2/work</c> and the worktree <c>APP-12.2</c>.
/// A run without ticket puts its own name in place of the key.</summary>
public readonly record struct AttemptId(string Of, int Number)
{
    public AttemptId(TicketKey key, int number) : this(key.ToString(), number) { }

    /// <summary>The branch stands alone in a directory of refs named after the attempt. git changes a ref by making a lock file beside it, so
    /// a sandbox must let the agent write that whole directory; with <c>drover/APP-12/2</c> it would hold the other attempts' branches too.</summary>
    public BranchName Branch => new($"drover/{this}/work");

    /// <summary>The name of the worktree's directory below the project's tree directory.</summary>
    public string Directory => $"{Of}.{Number.ToString(CultureInfo.InvariantCulture)}";

    public override string ToString() => $"{Of}/{Number.ToString(CultureInfo.InvariantCulture)}";

    public static AttemptId? TryParse(string? text)
    {
        var slash = text?.LastIndexOf('/') ?? -1;
        if (slash <= 0) return null;
        return int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0
            ? new(text![..slash], n) : null;
    }

    public static AttemptId Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is not an attempt like APP-12/2");
}
