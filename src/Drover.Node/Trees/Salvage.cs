using System.Globalization;
using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>Work that was saved before its worktree went away, under <c>refs/drover/salvage/ATTEMPT/N</c>. No ref is ever overwritten.</summary>
/// <param name="Name"><c>APP-12/2/1</c>.</param>
/// <param name="Commit">A commit with the saved files; its first parent is what HEAD was.</param>
public sealed record Salvaged(string Name, CommitSha Commit, string Subject, DateTimeOffset At);

public sealed class Salvage(Repository repository)
{
    private const string Prefix = "refs/drover/salvage/";

    /// <summary>Saves what is not committed, untracked files included and ignored ones not; null when there is nothing.
    /// Neither the worktree nor its index changes.</summary>
    public Task<Salvaged?> SaveUncommitted(Worktree worktree, AttemptId attempt, CancellationToken cancellation) =>
        repository.InQueue(() => SaveUncommittedInQueue(worktree, attempt, cancellation), cancellation);

    /// <summary>Everything that was saved, newest first; with an attempt, its own.</summary>
    public async Task<IReadOnlyList<Salvaged>> List(AttemptId? attempt, CancellationToken cancellation)
    {
        var under = attempt is { } a ? $"{Prefix}{a}/" : Prefix;
        var answer = await repository.Run(cancellation, "for-each-ref", "--sort=-creatordate", "--sort=-refname",
            "--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(contents:subject)", under);
        return [.. answer.Needed().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\0')).Select(f =>
            new Salvaged(f[0][Prefix.Length..], new(f[1]), f[3], DateTimeOffset.FromUnixTimeSeconds(long.Parse(f[2], CultureInfo.InvariantCulture))))];
    }

    /// <summary>Null when nothing of that name was saved.</summary>
    public async Task<Salvaged?> Find(string name, CancellationToken cancellation) =>
        (await List(null, cancellation)).FirstOrDefault(s => s.Name == name);

    /// <summary>What a salvage holds beyond the commit it was made on.</summary>
    public Task<DiffText> Show(Salvaged salvaged, int limit, CancellationToken cancellation) =>
        Diff.Text(repository, new($"{salvaged.Commit}^"), salvaged.Commit, limit, cancellation);

    /// <summary>Makes a new branch at the saved commit. False when the branch exists, or its name is not one.</summary>
    public Task<bool> Restore(Salvaged salvaged, BranchName into, CancellationToken cancellation) => repository.InQueue(async () =>
        RefName.IsBranch(into.Value) && await repository.Resolve(into, cancellation) is null
        && (await repository.Run(cancellation, "update-ref", "--create-reflog", "-m", "drover: salvage restore", into.Ref, salvaged.Commit.Value, Absent(salvaged.Commit))).Ok,
        cancellation);

    internal async Task<Salvaged?> SaveUncommittedInQueue(Worktree worktree, AttemptId attempt, CancellationToken cancellation)
    {
        var tree = await DirtyTree.Write(worktree, cancellation);
        if (tree is null) return null;
        var message = $"Uncommitted work of {attempt}";
        List<string> parents = ["-p", tree.Head.Value];
        if (tree.Staged is { } staged)
        {
            parents.AddRange(["-p", await Commit(staged, ["-p", tree.Head.Value], $"Staged work of {attempt}", cancellation)]);
        }

        return await SaveCommitInQueue(new(await Commit(tree.Files, parents, message, cancellation)), attempt, cancellation);
    }

    /// <summary>Keeps a commit that would otherwise be lost with its branch. Saving the same commit again changes nothing.</summary>
    internal async Task<Salvaged> SaveCommitInQueue(CommitSha commit, AttemptId attempt, CancellationToken cancellation)
    {
        var saved = await List(attempt, cancellation);
        if (await Same(saved, commit, cancellation) is { } same) return same;
        await Merging.Durable.MakeInQueue(repository, null, commit, cancellation);
        var number = saved.Select(s => int.Parse(s.Name[(s.Name.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max() + 1;
        var name = $"{attempt}/{number.ToString(CultureInfo.InvariantCulture)}";
        var command = new GitCommand(repository.Place, "update-ref", Prefix + name, commit.Value, Absent(commit)) { Config = GitSettings.Durable };
        (await repository.Git.Run(command, cancellation)).Needed();
        return (await Find(name, cancellation))!;
    }

    /// <summary>An earlier salvage with the same tree and parents: a removal that was interrupted begins again.</summary>
    private async Task<Salvaged?> Same(IReadOnlyList<Salvaged> saved, CommitSha commit, CancellationToken cancellation)
    {
        var wanted = await Essence(commit, cancellation);
        foreach (var one in saved)
        {
            if (one.Commit == commit || await Essence(one.Commit, cancellation) == wanted) return one;
        }

        return null;
    }

    private async Task<string> Essence(CommitSha commit, CancellationToken cancellation) =>
        (await repository.Run(cancellation, "log", "-1", "--format=%T %s %P", commit.Value)).Needed().Line;

    private async Task<string> Commit(TreeSha tree, IReadOnlyList<string> parents, string message, CancellationToken cancellation)
    {
        var command = new GitCommand(repository.Place, ["commit-tree", tree.Value, .. parents]) { Environment = Merging.Committer.Drover.Environment(repository.Git.Time) };
        return (await repository.Git.Run(command.Feeding(message + "\n"), cancellation)).Needed().Line;
    }

    private static string Absent(CommitSha like) => new('0', like.Value.Length);
}
