using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class FactsTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    [Fact]
    public async Task Facts_tell_the_head_the_commits_and_what_they_change()
    {
        var @base = sample.Tip("trunk");
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "a.txt", "one\nzwei\nthree\nfour\n");
        sample.CommitIn(worktree.Path, "Second line in German");
        Sample.WriteIn(worktree.Path, "new.txt", "1\n2\n");
        var head = sample.CommitIn(worktree.Path, "A new file: ü 'quoted' \"twice\"");

        var facts = await Facts.Read(worktree, @base, Sample.Cancellation);

        Assert.Equal(head, facts.Head);
        Assert.Equal(Sample.Attempt.Branch, facts.Branch);
        Assert.Equal(2, facts.Commits);
        Assert.Equal(["A new file: ü 'quoted' \"twice\"", "Second line in German"], facts.Newest.Select(c => c.Subject));
        Assert.Equal(new DiffStat(2, 4, 1), facts.Stat);
        Assert.Empty(facts.Uncommitted);
        Assert.Null(facts.Unfinished);
    }

    [Fact]
    public async Task A_fresh_worktree_has_no_commits()
    {
        var worktree = await sample.Make();

        var facts = await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation);

        Assert.Equal(0, facts.Commits);
        Assert.Equal(new DiffStat(0, 0, 0), facts.Stat);
    }

    [Fact]
    public async Task Uncommitted_files_are_named_staged_unstaged_and_untracked_with_any_name()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "a.txt", "staged\n");
        sample.RunIn(worktree.Path, "add", "a.txt");
        Sample.WriteIn(worktree.Path, "b.txt", "unstaged\n");
        Sample.WriteIn(worktree.Path, "with space\nand line", "untracked\n");
        Assert.Equal(0, Sample.Try(worktree.Path, "sh", "-c", "printf x > \"$(printf 'bytes\\377')\"").Exit);

        var facts = await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation);

        Assert.Equal(4, facts.UncommittedCount);
        Assert.Equal("M.", facts.Uncommitted.Single(c => c.Path == "a.txt").Kind);
        Assert.Equal(".M", facts.Uncommitted.Single(c => c.Path == "b.txt").Kind);
        Assert.Equal("??", facts.Uncommitted.Single(c => c.Path == "with space\nand line").Kind);
        Assert.Contains(facts.Uncommitted, c => c.Path == "bytes\\xff");
    }

    [Fact]
    public async Task A_merge_that_has_not_ended_is_a_fact()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "a.txt", "theirs\n");
        sample.CommitIn(worktree.Path, "Theirs");
        sample.Write("a.txt", "ours\n");
        sample.Commit("Ours");

        Assert.NotEqual(0, Sample.Try(worktree.Path, "git", "merge", "-q", "trunk").Exit);

        var facts = await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation);
        Assert.Equal("merge", facts.Unfinished);
        Assert.Equal("UU", Assert.Single(facts.Uncommitted).Kind);
    }

    [Fact]
    public async Task A_head_that_left_its_branch_is_seen()
    {
        var worktree = await sample.Make();
        sample.RunIn(worktree.Path, "checkout", "-q", "--detach");

        Assert.Null((await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation)).Branch);
    }

    [Fact]
    public async Task A_patch_is_bounded()
    {
        var @base = sample.Tip("trunk");
        sample.Write("big.txt", string.Concat(Enumerable.Repeat("line\n", 10_000)));
        var head = sample.Commit("Big");
        var repository = await sample.Open();

        var whole = await Diff.Text(repository, @base, head, 1 << 20, Sample.Cancellation);
        var part = await Diff.Text(repository, @base, head, 1000, Sample.Cancellation);

        Assert.False(whole.Truncated);
        Assert.StartsWith("diff --git a/big.txt b/big.txt", whole.Text);
        Assert.True(part.Truncated);
        Assert.Equal(1000, part.Text.Length);
    }

    public void Dispose() => sample.Dispose();
}
