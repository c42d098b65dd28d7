using Drover.Core;
using Drover.Node.Merging;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class GitTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    [Theory]
    [InlineData("git version 2.37.9", false)]
    [InlineData("git version 2.38.0", true)]
    [InlineData("git version 2.39.5 (Apple Git-154)", true)]
    [InlineData("git version 3.0.0.rc1", true)]
    [InlineData("something else", false)]
    public async Task An_old_git_is_refused_with_the_command_that_installs(string answer, bool fits)
    {
        var probe = GitProbe.Judge(await Sample.Gate, answer);

        if (fits) Assert.IsType<GitProbe.Ready>(probe);
        else Assert.Contains("apt install git", Assert.IsType<GitProbe.Unfit>(probe).Advice);
    }

    /// <summary>Everything a repository's configuration can name as a program, each leaving a mark when it runs.</summary>
    [Fact]
    public async Task Nothing_that_the_repository_names_is_run_by_the_servers_git()
    {
        var mark = Path.Combine(sample.Path, "ran");
        var script = Path.Combine(sample.Path, "evil");
        File.WriteAllText(script, $"#!/bin/sh\necho \"$0 $*\" >> '{mark}'\ncat\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var quoted = $"'{script}'";
        var worktree = await sample.Make();
        sample.Write(".gitattributes", "*.txt filter=evil diff=evil\n");
        File.Copy(Path.Combine(sample.Clone, ".gitattributes"), Path.Combine(worktree.Path, ".gitattributes"));
        foreach (var (key, value) in new[]
        {
            ("core.fsmonitor", script), ("core.sshCommand", script), ("core.pager", script), ("core.editor", script), ("gpg.program", script),
            ("commit.gpgSign", "true"), ("credential.helper", script), ("diff.external", script), ("diff.evil.textconv", quoted), ("diff.evil.command", quoted),
            ("filter.evil.clean", quoted), ("filter.evil.smudge", quoted), ("filter.evil.required", "true"), ("alias.status", $"!{quoted}"),
        })
        {
            sample.Run("config", key, value);
        }

        foreach (var hook in new[] { "post-checkout", "pre-commit", "post-commit", "reference-transaction", "post-index-change", "post-merge" })
        {
            File.Copy(script, Path.Combine(sample.Clone, ".git", "hooks", hook), overwrite: true);
        }

        Sample.WriteIn(worktree.Path, "a.txt", "changed\n");
        var worktrees = await sample.Worktrees();
        var tip = sample.Tip("trunk");
        Assert.NotEmpty((await Facts.Read(worktree, tip, Sample.Cancellation)).Uncommitted);
        var saved = Assert.Single((await worktrees.Remove(Sample.Attempt.Directory, Sample.Attempt, Sample.Cancellation)).Saved);
        Assert.Contains("+changed", (await new Salvage(worktree.Repository).Show(saved, 10_000, Sample.Cancellation)).Text);
        Assert.IsType<WorktreeMaking.Made>(await worktrees.MakeAgain(Sample.Attempt.Directory, Sample.Attempt.Branch, Sample.Cancellation));
        await Diff.Text(worktree.Repository, tip, saved.Commit, 10_000, Sample.Cancellation);
        var landing = new LandingCommit("x\n", new("n", "e@example.org"));
        Assert.IsType<Candidate.Clean>(await Candidate.Make(worktree.Repository, tip, saved.Commit, LandMethod.Squash, landing, Sample.Cancellation));

        Assert.False(File.Exists(mark), File.Exists(mark) ? File.ReadAllText(mark) : "");
    }

    [Fact]
    public async Task A_worktree_cannot_point_the_servers_git_elsewhere()
    {
        var worktree = await sample.Make();
        var evil = Path.Combine(sample.Path, "evil.git");
        sample.RunIn(sample.Path, "clone", "-q", "--bare", sample.Clone, evil);
        File.WriteAllText(Path.Combine(worktree.Path, ".git"), $"gitdir: {evil}\n");
        File.WriteAllText(Path.Combine(worktree.GitDir, "commondir"), $"{evil}\n");

        var place = await worktree.Run(Sample.Cancellation, "rev-parse", "--path-format=absolute", "--git-common-dir", "--git-dir");

        Assert.Equal([worktree.Repository.CommonDir, worktree.GitDir], place.Line.Split('\n'));
    }

    [Fact]
    public async Task A_nested_repository_is_not_entered()
    {
        var worktree = await sample.Make();
        var mark = Path.Combine(sample.Path, "entered");
        var other = Path.Combine(worktree.Path, "libs");
        sample.RunIn(sample.Path, "clone", "-q", sample.Clone, other);
        sample.RunIn(worktree.Path, "-c", "advice.addEmbeddedRepo=false", "add", "libs");
        sample.RunIn(worktree.Path, "commit", "-q", "-m", "A bare link");
        var script = Path.Combine(sample.Path, "monitor");
        File.WriteAllText(script, $"#!/bin/sh\ntouch '{mark}'\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        sample.RunIn(other, "config", "core.fsmonitor", script);
        Sample.WriteIn(other, "a.txt", "dirty\n");

        await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation);
        await new Salvage(worktree.Repository).SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation);

        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task A_cancelled_command_ends_with_its_whole_tree()
    {
        var git = await Sample.Gate;
        var fifo = Path.Combine(sample.Path, "fifo");
        Assert.Equal(0, Sample.Try(sample.Path, "mkfifo", fifo).Exit);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Sample.Cancellation);
        var place = new GitPlace(Path.Combine(sample.Clone, ".git"), Path.Combine(sample.Clone, ".git"), null);
        // git opens the fifo and waits for a writer that never comes.
        var hangs = git.Run(new(place, "hash-object", "--", fifo), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hangs);
    }

    [Fact]
    public async Task Mutating_commands_of_one_repository_go_one_by_one_and_those_of_others_do_not_wait()
    {
        var git = await Sample.Gate;
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = git.InQueue("/one", async () => { inside.SetResult(); await release.Task; return 1; }, Sample.Cancellation);
        await inside.Task;

        var second = git.InQueue("/one", () => Task.FromResult(2), Sample.Cancellation);
        Assert.Equal(3, await git.InQueue("/other", () => Task.FromResult(3), Sample.Cancellation));
        Assert.False(second.IsCompleted);
        release.SetResult();

        var both = await Task.WhenAll(first, second);
        Assert.Equal([1, 2], both);
    }

    public void Dispose() => sample.Dispose();
}
