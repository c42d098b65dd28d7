using System.Globalization;
using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>What a line of work changes, counted from where it left the other commit.</summary>
public static class Diff
{
    private static readonly string[] Plain = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=dirty"];

    public static async Task<DiffStat> Stat(Repository repository, CommitSha from, CommitSha to, CancellationToken cancellation)
    {
        var answer = (await repository.Run(cancellation, [.. Plain, "--shortstat", $"{from}...{to}"])).Needed().Line;
        var found = Facts.StatPattern().Matches(answer).ToDictionary(m => m.Groups[2].Value, m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        return new(found.GetValueOrDefault("file"), found.GetValueOrDefault("insertion"), found.GetValueOrDefault("deletion"));
    }

    /// <summary>The patch as UTF-8 text, at most <paramref name="limit"/> bytes of it.</summary>
    public static async Task<DiffText> Text(Repository repository, CommitSha from, CommitSha to, int limit, CancellationToken cancellation)
    {
        var command = new GitCommand(repository.Place, [.. Plain, $"{from}...{to}"]) { OutputLimit = limit };
        var answer = (await repository.Git.Run(command, cancellation)).Needed();
        return new(answer.Text, answer.Truncated);
    }

    /// <summary>The files that differ between two commits, as they stand (not from where they parted).</summary>
    public static async Task<IReadOnlyList<string>> Files(Repository repository, CommitSha from, CommitSha to, CancellationToken cancellation)
    {
        var answer = await repository.Run(cancellation, "diff-tree", "-r", "-z", "--name-only", "--no-renames", from.Value, to.Value);
        return [.. answer.Needed().Text.Split('\0', StringSplitOptions.RemoveEmptyEntries)];
    }
}

public sealed record DiffText(string Text, bool Truncated);
