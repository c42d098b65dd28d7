using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class WorktreesTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    [Fact]
    [Trait("row", "A7")]
    [Trait("row", "A28")]
    [Trait("row", "K3")]
    public async Task A_worktree_has_its_own_path_and_its_own_branch_at_the_pinned_base()
    {
        var @base = sample.Tip("trunk");
        sample.Write("later.txt", "the trunk goes on\n");
        sample.Commit("Later");

        var making = await (await sample.Worktrees()).Make(Sample.Attempt.Directory, Sample.Attempt.Branch, @base, Sample.Cancellation);

        var worktree = Assert.IsType<WorktreeMaking.Made>(making).Worktree;
        Assert.Equal(sample.Tree, worktree.Path);
        Assert.Equal(@base.Value, sample.RunIn(sample.Tree, "rev-parse", "HEAD"));
        Assert.Equal("drover/APP-12/2/work", sample.RunIn(sample.Tree, "branch", "--show-current"));
        Assert.Equal("", sample.RunIn(sample.Tree, "status", "--porcelain"));
        Assert.False(File.Exists(Path.Combine(sample.Tree, "later.txt")));
    }

    [Fact]
    public async Task Making_it_twice_is_making_it_once()
    {
        var first = await sample.Make();
        Sample.WriteIn(sample.Tree, "a.txt", "the agent's\n");

        var second = await sample.Make();

        Assert.Equal(first.GitDir, second.GitDir);
        Assert.Equal("the agent's\n", File.ReadAllText(Path.Combine(sample.Tree, "a.txt")));
    }

    [Fact]
    public async Task A_checkout_that_was_interrupted_is_made_anew()
    {
        var worktree = await sample.Make();
        File.Delete(Path.Combine(sample.Root.Path, ".APP-12.2.made"));
        File.WriteAllText(Path.Combine(worktree.GitDir, "locked"), "initializing");
        File.Delete(Path.Combine(sample.Tree, "a.txt"));

        await sample.Make();

        Assert.True(File.Exists(Path.Combine(sample.Tree, "a.txt")));
        Assert.Equal("", sample.RunIn(sample.Tree, "status", "--porcelain"));
    }

    [Fact]
    [Trait("row", "A28")]
    public async Task A_branch_that_stands_in_another_worktree_is_refused()
    {
        sample.Run("worktree", "add", "-q", "-b", Sample.Attempt.Branch.Value, Path.Combine(sample.Path, "elsewhere"), "trunk");

        var making = await (await sample.Worktrees()).Make(Sample.Attempt.Directory, Sample.Attempt.Branch, sample.Tip("trunk"), Sample.Cancellation);

        Assert.Contains("elsewhere", Assert.IsType<WorktreeMaking.Refused>(making).Why);
        Assert.Empty((await sample.Worktrees()).Names());
    }

    [Theory]
    [InlineData("drover")]
    [InlineData("drover/APP-12/2")]
    public async Task A_branch_that_stands_where_the_attempts_refs_belong_is_refused(string theirs)
    {
        sample.Run("branch", theirs, "trunk");

        var making = await (await sample.Worktrees()).Make(Sample.Attempt.Directory, Sample.Attempt.Branch, sample.Tip("trunk"), Sample.Cancellation);

        Assert.Contains(theirs, Assert.IsType<WorktreeMaking.Refused>(making).Why);
    }

    [Fact]
    [Trait("row", "A28")]
    public async Task A_branch_that_was_made_before_the_crash_is_used()
    {
        sample.Run("branch", Sample.Attempt.Branch.Value, "trunk");

        await sample.Make();

        Assert.Equal("drover/APP-12/2/work", sample.RunIn(sample.Tree, "branch", "--show-current"));
    }

    [Fact]
    public async Task A_branch_with_other_work_is_not_taken_over()
    {
        sample.Run("branch", Sample.Attempt.Branch.Value, "trunk");
        var @base = sample.Commit("Next");

        var making = await (await sample.Worktrees()).Make(Sample.Attempt.Directory, Sample.Attempt.Branch, @base, Sample.Cancellation);

        Assert.Contains("exists already", Assert.IsType<WorktreeMaking.Refused>(making).Why);
        Assert.False(Directory.Exists(sample.Tree));
    }

    [Fact]
    public async Task A_worktree_whose_files_are_gone_is_made_again_on_its_branch()
    {
        await sample.Make();
        Sample.WriteIn(sample.Tree, "new.txt", "work\n");
        var head = sample.CommitIn(sample.Tree, "Work");
        Directory.Delete(sample.Tree, recursive: true);

        var making = await (await sample.Worktrees()).MakeAgain(Sample.Attempt.Directory, Sample.Attempt.Branch, Sample.Cancellation);

        Assert.IsType<WorktreeMaking.Made>(making);
        Assert.Equal(head.Value, sample.RunIn(sample.Tree, "rev-parse", "HEAD"));
    }

    [Fact]
    public async Task What_stands_at_the_path_and_is_no_worktree_stays()
    {
        Sample.WriteIn(sample.Tree, "precious.txt", "mine\n");

        var making = await (await sample.Worktrees()).Make(Sample.Attempt.Directory, Sample.Attempt.Branch, sample.Tip("trunk"), Sample.Cancellation);

        Assert.Contains("move it away", Assert.IsType<WorktreeMaking.Refused>(making).Why);
        Assert.True(File.Exists(Path.Combine(sample.Tree, "precious.txt")));
    }

    [Fact]
    public async Task Worktrees_of_one_repository_can_be_made_at_the_same_moment()
    {
        var worktrees = await sample.Worktrees();
        var attempts = Enumerable.Range(1, 8).Select(n => new AttemptId("APP-3", n)).ToList();

        var made = await Task.WhenAll(attempts.Select(a => worktrees.Make(a.Directory, a.Branch, sample.Tip("trunk"), Sample.Cancellation)));

        Assert.All(made, m => Assert.IsType<WorktreeMaking.Made>(m));
    }

    [Fact]
    public async Task A_removal_that_was_cut_off_after_the_files_is_still_known_by_name_and_finished()
    {
        var worktrees = await sample.Worktrees();
        var gone = Assert.IsType<WorktreeMaking.Made>(await worktrees.MakeClean("half", sample.Tip("trunk"), Sample.Cancellation)).Worktree;
        Directory.Delete(gone.Path, recursive: true);

        Assert.Contains("half", worktrees.Names());
        await worktrees.Discard("half", Sample.Cancellation);

        Assert.DoesNotContain("half", worktrees.Names());
        Assert.DoesNotContain(gone.Path, sample.Run("worktree", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gates_checkout_is_clean_each_time_and_leaves_nothing()
    {
        var worktrees = await sample.Worktrees();
        var first = Assert.IsType<WorktreeMaking.Made>(await worktrees.MakeClean("gate", sample.Tip("trunk"), Sample.Cancellation)).Worktree;
        Sample.WriteIn(first.Path, "built.o", "traces of a gate that was interrupted\n");
        var next = sample.Commit("Next");

        var second = Assert.IsType<WorktreeMaking.Made>(await worktrees.MakeClean("gate", next, Sample.Cancellation)).Worktree;

        Assert.False(File.Exists(Path.Combine(second.Path, "built.o")));
        Assert.Equal(next.Value, sample.RunIn(second.Path, "rev-parse", "HEAD"));
        Assert.Equal("HEAD", sample.RunIn(second.Path, "rev-parse", "--abbrev-ref", "HEAD"));
        Assert.Equal(["gate"], worktrees.Names());
        await worktrees.Discard("gate", Sample.Cancellation);
        await worktrees.Discard("gate", Sample.Cancellation);
        Assert.Empty(worktrees.Names());
        Assert.DoesNotContain("gate", sample.Run("worktree", "list"));
    }

    [Fact]
    public async Task A_git_that_outlived_the_server_is_ended_before_its_half_made_worktree_goes()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "processes are found in /proc");
        var worktree = await sample.Make();
        File.Delete(Path.Combine(sample.Root.Path, ".APP-12.2.made"));
        File.WriteAllText(Path.Combine(worktree.GitDir, "locked"), "initializing");
        Assert.Equal(0, Sample.Try(sample.Tree, "mkfifo", "fifo").Exit);
        using var stray = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", ["hash-object", "--", "fifo"]) { WorkingDirectory = sample.Tree })!;

        await sample.Make();

        await stray.WaitForExitAsync(Sample.Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Sample.Cancellation);
        Assert.NotEqual(0, stray.ExitCode);
        Assert.False(Path.Exists(Path.Combine(sample.Tree, "fifo")));
    }

    [Fact]
    public async Task A_filter_that_is_a_program_of_its_own_is_left_on()
    {
        sample.Run("config", "filter.lfs.clean", "git-lfs clean -- %f");
        sample.Run("config", "filter.own.clean", "./tools/clean.sh");
        sample.Run("config", "filter.own.required", "true");

        var off = await Filters.Off(await sample.Open(), Sample.Cancellation);

        Assert.Equal(["filter.own.clean=", "filter.own.required=false"], off);
    }

    public void Dispose() => sample.Dispose();
}
