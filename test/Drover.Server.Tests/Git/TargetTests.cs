using Drover.Core;
using Drover.Node.Merging;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class TargetTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    /// <summary>A commit ahead of the trunk that changes a.txt, deletes b.txt and adds new.txt; the trunk stays where it is.</summary>
    private async Task<(CommitSha Old, CommitSha New)> Ahead()
    {
        var old = sample.Tip("trunk");
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "a.txt", "landed\n");
        Sample.WriteIn(worktree.Path, "new.txt", "landed too\n");
        File.Delete(Path.Combine(worktree.Path, "b.txt"));
        return (old, sample.CommitIn(worktree.Path, "Work"));
    }

    private async Task<TargetMove> Move(CommitSha old, CommitSha @new, Repository? repository = null)
    {
        repository ??= await sample.Open();
        await Durable.Make(repository, old, @new, Sample.Cancellation);
        return await Target.Move(repository, sample.Root, sample.Trunk, old, @new, Sample.Cancellation);
    }

    private void AssertUntouched(CommitSha old, string status)
    {
        Assert.Equal(old, sample.Tip("trunk"));
        Assert.Equal(status, sample.Run("status", "--porcelain"));
    }

    [Fact]
    public async Task A_clean_checkout_follows()
    {
        var (old, @new) = await Ahead();

        Assert.Equal(sample.Clone, Assert.IsType<TargetMove.Moved>(await Move(old, @new)).Checkout);

        Assert.Equal(@new, sample.Tip("trunk"));
        Assert.Equal("", sample.Run("status", "--porcelain"));
        Assert.Equal("landed\n", sample.Read("a.txt"));
        Assert.Contains("drover: land", sample.Run("reflog", "-1", "trunk"));
        Assert.IsType<TargetState.Landed>(await Target.Judge(await sample.Open(), sample.Trunk, old, @new, Sample.Cancellation));
    }

    [Fact]
    public async Task Local_edits_elsewhere_are_kept()
    {
        var (old, @new) = await Ahead();
        sample.Write("sub/ç é.txt", "mine\n");
        sample.Write("untracked.txt", "mine\n");
        sample.Write("staged.txt", "mine\n");
        sample.Run("add", "staged.txt");

        Assert.IsType<TargetMove.Moved>(await Move(old, @new));

        Assert.Equal("landed\n", sample.Read("a.txt"));
        Assert.Equal("mine\n", sample.Read("sub/ç é.txt"));
        Assert.Equal("A  staged.txt\n M \"sub/\\303\\247 \\303\\251.txt\"\n?? untracked.txt", sample.Run("status", "--porcelain"));
    }

    [Theory]
    [InlineData("a.txt", " M a.txt")]
    [InlineData("b.txt", " M b.txt")]
    [InlineData("new.txt", "?? new.txt")]
    public async Task Local_edits_of_the_same_files_make_the_landing_wait_and_later_it_goes_on(string file, string status)
    {
        var (old, @new) = await Ahead();
        sample.Write(file, "mine\n");

        var waits = Assert.IsType<TargetMove.Waits>(await Move(old, @new));

        Assert.Equal([file], waits.Files);
        Assert.Contains(sample.Clone, waits.Reason);
        AssertUntouched(old, status);
        Assert.Equal("mine\n", sample.Read(file));
        Assert.IsType<TargetState.NotYet>(await Target.Judge(await sample.Open(), sample.Trunk, old, @new, Sample.Cancellation));

        sample.Run("stash", "-u", "-q");
        Assert.IsType<TargetMove.Moved>(await Move(old, @new));
        Assert.Equal(@new, sample.Tip("trunk"));
    }

    [Fact]
    public async Task A_staged_edit_of_the_same_file_waits_too()
    {
        var (old, @new) = await Ahead();
        sample.Write("a.txt", "mine\n");
        sample.Run("add", "a.txt");

        Assert.Equal(["a.txt"], Assert.IsType<TargetMove.Waits>(await Move(old, @new)).Files);

        AssertUntouched(old, "M  a.txt");
    }

    [Fact]
    public async Task An_ignored_file_is_not_overwritten()
    {
        sample.Write(".gitignore", "new.txt\n");
        sample.Commit("Ignore");
        var old = sample.Tip("trunk");
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "new.txt", "landed\n");
        sample.RunIn(worktree.Path, "add", "-f", "new.txt");
        var @new = sample.CommitIn(worktree.Path, "Forced");
        sample.Write("new.txt", "my secrets\n");

        Assert.Equal(["new.txt"], Assert.IsType<TargetMove.Waits>(await Move(old, @new)).Files);

        Assert.Equal("my secrets\n", sample.Read("new.txt"));
    }

    [Fact]
    public async Task A_checkout_that_holds_the_landing_already_is_no_obstacle()
    {
        var (old, @new) = await Ahead();
        sample.Write("a.txt", "landed\n");
        sample.Write("new.txt", "landed too\n");
        File.Delete(Path.Combine(sample.Clone, "b.txt"));

        Assert.IsType<TargetMove.Moved>(await Move(old, @new));

        Assert.Equal(@new, sample.Tip("trunk"));
        Assert.Equal("", sample.Run("status", "--porcelain"));
    }

    [Fact]
    public async Task A_held_index_lock_makes_the_landing_wait()
    {
        var (old, @new) = await Ahead();
        var held = Path.Combine(sample.Clone, ".git", "index.lock");
        File.WriteAllText(held, "");

        Assert.Contains(held, Assert.IsType<TargetMove.Waits>(await Move(old, @new)).Reason);

        Assert.Equal(old, sample.Tip("trunk"));
        File.Delete(held);
        Assert.IsType<TargetMove.Moved>(await Move(old, @new));
    }

    [Fact]
    public async Task A_rebase_of_the_branch_makes_the_landing_wait()
    {
        await Ahead();
        sample.Write("a.txt", "trunk\n");
        var old = sample.Commit("Trunk");
        var @new = new CommitSha(sample.Run("commit-tree", "-p", "trunk", "-m", "Ahead", "trunk^{tree}"));
        Assert.NotEqual(0, Sample.Try(sample.Clone, "git", "rebase", "-q", Sample.Attempt.Branch.Value).Exit);

        Assert.Contains("rebase is in progress", Assert.IsType<TargetMove.Waits>(await Move(old, @new)).Reason);

        Assert.Equal(old, sample.Tip("trunk"));
        sample.Run("rebase", "--abort");
        Assert.IsType<TargetMove.Moved>(await Move(old, @new));
    }

    [Fact]
    public async Task A_merge_in_progress_makes_the_landing_wait()
    {
        var (old, @new) = await Ahead();
        sample.Run("branch", "side", "trunk");
        sample.Run("worktree", "add", "-q", Path.Combine(sample.Path, "side"), "side");
        Sample.WriteIn(Path.Combine(sample.Path, "side"), "side.txt", "x\n");
        sample.CommitIn(Path.Combine(sample.Path, "side"), "Side");
        sample.Run("merge", "-q", "--no-ff", "--no-commit", "side");

        Assert.Contains("merge is in progress", Assert.IsType<TargetMove.Waits>(await Move(old, @new)).Reason);

        Assert.Equal(old, sample.Tip("trunk"));
    }

    [Fact]
    public async Task A_detached_checkout_stays_where_it_is()
    {
        var (old, @new) = await Ahead();
        sample.Run("checkout", "-q", "--detach");
        sample.Write("a.txt", "mine\n");

        Assert.Null(Assert.IsType<TargetMove.Moved>(await Move(old, @new)).Checkout);

        Assert.Equal(@new, sample.Tip("trunk"));
        Assert.Equal(old.Value, sample.Run("rev-parse", "HEAD"));
        Assert.Equal(" M a.txt", sample.Run("status", "--porcelain"));
    }

    [Fact]
    public async Task The_checkout_that_follows_may_be_another_worktree()
    {
        var (old, @new) = await Ahead();
        var other = Path.Combine(sample.Path, "other tree");
        sample.Run("checkout", "-q", "--detach");
        sample.Run("worktree", "add", "-q", other, "trunk");

        Assert.Equal(other, Assert.IsType<TargetMove.Moved>(await Move(old, @new)).Checkout);

        Assert.Equal("landed\n", File.ReadAllText(Path.Combine(other, "a.txt")));
        Assert.Equal("", sample.RunIn(other, "status", "--porcelain"));
        Assert.Equal("one\ntwo\nthree\n", sample.Read("a.txt"));
    }

    [Fact]
    public async Task A_branch_that_is_checked_out_twice_waits()
    {
        var (old, @new) = await Ahead();
        sample.Run("worktree", "add", "-q", "-f", Path.Combine(sample.Path, "twice"), "trunk");

        Assert.Contains("checked out twice", Assert.IsType<TargetMove.Waits>(await Move(old, @new)).Reason);
        AssertUntouched(old, "");
    }

    [Fact]
    public async Task An_agents_worktree_is_never_the_checkout_that_follows()
    {
        var (old, @new) = await Ahead();
        sample.Run("checkout", "-q", "--detach");
        File.WriteAllText(Path.Combine(sample.Clone, ".git", "worktrees", Sample.Attempt.Directory, "HEAD"), "ref: refs/heads/trunk\n");

        Assert.Null(Assert.IsType<TargetMove.Moved>(await Move(old, @new)).Checkout);
    }

    [Fact]
    public async Task In_a_bare_repository_the_branch_moves_also_when_it_is_packed()
    {
        var (old, @new) = await Ahead();
        var bare = Path.Combine(sample.Path, "bare.git");
        sample.RunIn(sample.Path, "clone", "-q", "--bare", sample.Clone, bare);
        sample.RunIn(bare, "pack-refs", "--all");
        var repository = await sample.Open(bare);

        Assert.Null(Assert.IsType<TargetMove.Moved>(await Move(old, @new, repository)).Checkout);

        Assert.Equal(@new, await repository.Resolve(sample.Trunk, Sample.Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_branch_that_has_moved_is_a_race_and_stays(bool checkedOut)
    {
        var (old, @new) = await Ahead();
        sample.Write("theirs.txt", "x\n");
        var theirs = sample.Commit("Theirs");
        if (!checkedOut) sample.Run("checkout", "-q", "--detach");

        Assert.Equal(theirs, Assert.IsType<TargetMove.Raced>(await Move(old, @new)).Actual);

        AssertUntouched(theirs, "");
        Assert.Equal(theirs, Assert.IsType<TargetState.Elsewhere>(await Target.Judge(await sample.Open(), sample.Trunk, old, @new, Sample.Cancellation)).Actual);
    }

    [Fact]
    public async Task A_branch_that_went_on_from_the_landing_counts_as_landed()
    {
        var (old, @new) = await Ahead();
        Assert.IsType<TargetMove.Moved>(await Move(old, @new));
        sample.Commit("After it");

        Assert.IsType<TargetState.Landed>(await Target.Judge(await sample.Open(), sample.Trunk, old, @new, Sample.Cancellation));
    }

    [Fact]
    public async Task A_branch_that_is_gone_is_neither_made_nor_landed()
    {
        var (old, @new) = await Ahead();
        sample.Run("checkout", "-q", "--detach");
        sample.Run("branch", "-q", "-D", "trunk");

        Assert.Null(Assert.IsType<TargetMove.Raced>(await Move(old, @new)).Actual);
        Assert.Null(Assert.IsType<TargetState.Elsewhere>(await Target.Judge(await sample.Open(), sample.Trunk, old, @new, Sample.Cancellation)).Actual);
    }

    [Fact]
    public async Task A_locked_ref_makes_the_landing_wait()
    {
        var (old, @new) = await Ahead();
        sample.Run("checkout", "-q", "--detach");
        File.WriteAllText(Path.Combine(sample.Clone, ".git", "refs", "heads", "trunk.lock"), "");

        Assert.Contains("locked", Assert.IsType<TargetMove.Waits>(await Move(old, @new)).Reason);
    }

    [Fact]
    public async Task A_landing_survives_the_loss_of_every_object_that_was_not_flushed()
    {
        sample.Run("repack", "-a", "-d", "-q");
        var (old, @new) = await Ahead();

        Assert.IsType<TargetMove.Moved>(await Move(old, @new));
        foreach (var directory in Directory.GetDirectories(Path.Combine(sample.Clone, ".git", "objects"), "??")) Directory.Delete(directory, recursive: true);

        sample.Run("fsck", "--full", "--no-progress", "--no-dangling");
        Assert.Equal(@new, sample.Tip("trunk"));
    }

    [Fact]
    public async Task The_users_merge_options_and_hooks_have_no_say()
    {
        var (old, @new) = await Ahead();
        var mark = Path.Combine(sample.Path, "ran");
        sample.Run("config", "branch.trunk.mergeOptions", "--squash");
        sample.Run("config", "merge.ff", "false");
        sample.Run("config", "merge.autoStash", "true");
        var hook = Path.Combine(sample.Clone, ".git", "hooks", "post-merge");
        File.WriteAllText(hook, $"#!/bin/sh\ntouch '{mark}'\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.IsType<TargetMove.Moved>(await Move(old, @new));

        Assert.Equal(@new, sample.Tip("trunk"));
        Assert.False(File.Exists(mark));
    }

    public void Dispose() => sample.Dispose();
}
