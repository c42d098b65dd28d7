using Drover.Core;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class RemovalTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    private async Task<Removed> Remove() => await (await sample.Worktrees()).Remove(Sample.Attempt.Directory, Sample.Attempt, Sample.Cancellation);

    private async Task<Removed> RemoveWithBranch() =>
        await (await sample.Worktrees()).RemoveWithBranch(Sample.Attempt.Directory, Sample.Attempt, sample.Tip("trunk"), Sample.Cancellation);

    [Fact]
    [Trait("row", "A31")]
    public async Task A_removed_worktree_leaves_nothing_behind_but_its_branch()
    {
        var worktree = await sample.Make();

        Assert.Empty((await Remove()).Saved);

        Assert.False(Directory.Exists(worktree.Path));
        Assert.False(Directory.Exists(worktree.GitDir));
        Assert.Empty(Directory.EnumerateFileSystemEntries(sample.Root.Path));
        Assert.NotEmpty(sample.Run("branch", "--list", Sample.Attempt.Branch.Value));
        Assert.Empty((await Remove()).Saved);
        await sample.Worktrees();
    }

    [Fact]
    public async Task With_the_branch_go_its_refs_and_their_directories_and_unlanded_commits_are_kept_by_salvage()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "work.txt", "work\n");
        var head = sample.CommitIn(worktree.Path, "Work");
        sample.RunIn(worktree.Path, "branch", "drover/APP-12/2/more", "trunk");
        Sample.WriteIn(worktree.Path, "dirty.txt", "dirty\n");

        var removed = await RemoveWithBranch();

        Assert.Equal(2, removed.Saved.Count);
        Assert.Contains(removed.Saved, s => s.Commit == head);
        Assert.Equal("dirty", sample.Run("show", $"{removed.Saved[0].Commit}:dirty.txt"));
        Assert.Equal("trunk", sample.Run("for-each-ref", "--format=%(refname:short)", "refs/heads"));
        Assert.False(Directory.Exists(Path.Combine(sample.Clone, ".git", "refs", "heads", "drover")));
        Assert.False(Directory.Exists(Path.Combine(sample.Clone, ".git", "logs", "refs", "heads", "drover")));
        Assert.Empty((await RemoveWithBranch()).Saved);
    }

    [Fact]
    public async Task Landed_work_needs_no_salvage()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "work.txt", "work\n");
        var head = sample.CommitIn(worktree.Path, "Work");
        sample.Run("merge", "-q", "--ff-only", head.Value);

        Assert.Empty((await RemoveWithBranch()).Saved);
    }

    [Fact]
    public async Task Commits_on_no_branch_are_salvaged()
    {
        var worktree = await sample.Make();
        sample.RunIn(worktree.Path, "checkout", "-q", "--detach");
        Sample.WriteIn(worktree.Path, "lost.txt", "nearly\n");
        var head = sample.CommitIn(worktree.Path, "On no branch");

        Assert.Equal(head, Assert.Single((await Remove()).Saved).Commit);
    }

    [Fact]
    [Trait("row", "A31")]
    public async Task Links_are_removed_and_never_followed()
    {
        var worktree = await sample.Make();
        var outside = Path.Combine(sample.Path, "outside");
        Sample.WriteIn(outside, "precious.txt", "keep\n");
        Directory.CreateSymbolicLink(Path.Combine(worktree.Path, "way out"), outside);
        Directory.CreateSymbolicLink(Path.Combine(sample.Root.Path, "linked"), outside);

        await Remove();
        await (await sample.Worktrees()).Discard("linked", Sample.Cancellation);

        Assert.Equal("keep\n", File.ReadAllText(Path.Combine(outside, "precious.txt")));
        Assert.False(Path.Exists(Path.Combine(sample.Root.Path, "linked")));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("../other")]
    [InlineData("a/b")]
    [InlineData("-rf")]
    [Trait("row", "A31")]
    public async Task A_name_that_leads_out_of_the_root_removes_nothing(string name)
    {
        var worktrees = await sample.Worktrees();
        Sample.WriteIn(Path.Combine(sample.Path, "state", "trees", "other"), "precious.txt", "keep\n");

        await Assert.ThrowsAsync<ArgumentException>(() => worktrees.Discard(name, Sample.Cancellation));

        Assert.True(File.Exists(Path.Combine(sample.Path, "state", "trees", "other", "precious.txt")));
    }

    [Fact]
    public async Task Read_only_directories_and_names_of_any_bytes_go_too()
    {
        var worktree = await sample.Make();
        var made = Sample.Try(worktree.Path, "sh", "-c", "mkdir -p mod/cache && printf x > \"mod/cache/$(printf 'bytes\\377')\" && chmod 0555 mod/cache mod");
        Assert.Equal(0, made.Exit);

        await (await sample.Worktrees()).Discard(Sample.Attempt.Directory, Sample.Cancellation);

        Assert.False(Directory.Exists(worktree.Path));
    }

    [Fact]
    public async Task An_interrupted_removal_is_finished_and_salvages_nothing_twice()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "dirty.txt", "dirty\n");
        await new Salvage(worktree.Repository).SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation);
        Directory.Move(worktree.Path, Path.Combine(sample.Root.Path, ".removing-APP-12.2"));

        await Remove();

        Assert.Empty(Directory.EnumerateFileSystemEntries(sample.Root.Path));
        Assert.Single(await new Salvage(worktree.Repository).List(null, Sample.Cancellation));
        await sample.Make();
    }

    [Fact]
    public async Task Work_is_saved_from_a_worktree_whose_git_directory_was_wrecked()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "work.txt", "work\n");
        File.Delete(Path.Combine(worktree.GitDir, "HEAD"));
        File.WriteAllText(Path.Combine(worktree.GitDir, "index"), "no index at all");
        File.WriteAllText(Path.Combine(worktree.GitDir, "locked"), "initializing");

        var saved = Assert.Single((await Remove()).Saved);

        Assert.Equal("work", sample.Run("show", $"{saved.Commit}:work.txt"));
        Assert.Equal("b", sample.Run("show", $"{saved.Commit}:b.txt"));
    }

    [Fact]
    public async Task A_branch_outlives_the_packing_of_refs_and_its_directory_too()
    {
        await sample.Make();
        sample.Run("pack-refs", "--all", "--prune");

        Assert.True(Directory.Exists(Path.Combine(sample.Clone, ".git", "refs", "heads", "drover", "APP-12", "2")));
        Assert.Equal(sample.Tip("trunk"), sample.Tip(Sample.Attempt.Branch.Value));
        sample.Run("fsck", "--no-progress");
        Assert.Empty((await RemoveWithBranch()).Saved);
        Assert.Equal("trunk", sample.Run("for-each-ref", "--format=%(refname:short)", "refs/heads"));
    }

    public void Dispose() => sample.Dispose();
}
