using System.Net.Sockets;
using Drover.Core;
using Drover.Node.Merging;
using Drover.Node.Sandboxing;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

/// <summary>Real bubblewrap around a real shell that tries what an agent must not do, and what it must be able to.</summary>
public sealed class SandboxTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    private string State => Path.Combine(sample.Path, "state");

    private string SocketDirectory => Path.Combine(sample.Path, "socket");

    private static async Task<string> Bubblewrap()
    {
        var probe = await SandboxProbe.Try(TimeProvider.System, Sample.Cancellation);
        Assert.SkipWhen(probe is SandboxProbe.Fails, probe is SandboxProbe.Fails f ? f.Why : "");
        return ((SandboxProbe.Works)probe).Program;
    }

    private SandboxSpec Spec(Worktree worktree, GitAccess git) => SandboxSpec.For(worktree, git, sample.Home, State, SocketDirectory) with
    {
        // Shows everything around the worktree, so that what is hidden is hidden by its own rule.
        ReadOnly = [sample.Clone, State, SocketDirectory],
    };

    private async Task<Worktree> Prepare()
    {
        foreach (var directory in new[] { sample.Home, SocketDirectory }) Directory.CreateDirectory(directory);
        Sample.WriteIn(State, "runs/other/in", "another run's input\n");
        return await sample.Make();
    }

    private static async Task<(int Exit, string Output)> Inside(SandboxSpec spec, string script)
    {
        var environment = await AgentGit.Environment(spec.Worktree, new("Agent", "agent@example.org"), Sample.Cancellation);
        var wrapped = Sandbox.Wrap(await Bubblewrap(), spec, ["sh", "-c", script]);
        return Sample.Try("/", "env", [.. environment.Select(v => $"{v.Key}={v.Value}"), .. wrapped]);
    }

    [Fact]
    public async Task The_work_of_a_coder_goes_on_as_outside()
    {
        var worktree = await Prepare();

        var (exit, output) = await Inside(Spec(worktree, GitAccess.Commit), """
            set -e
            echo new > new.txt; echo changed > a.txt
            git add -A; git commit -qm 'First work'
            echo again > a.txt; git commit -qam 'Second work'; git commit -q --amend -m 'Second work, better'
            git log --oneline | head -1; git diff HEAD~1 --stat; git status --porcelain
            git switch -qc drover/APP-12/2/side; echo s > s.txt; git add s.txt; git commit -qm Side
            git switch -q drover/APP-12/2/work; git merge -q drover/APP-12/2/side
            git checkout -q -- a.txt; git reset -q --hard HEAD; git rebase -q HEAD~1
            git switch -q drover/APP-12/2/side; echo t > t.txt; git add t.txt; git commit -qm Picked; git switch -q drover/APP-12/2/work
            git commit -q --allow-empty -m Own
            git cherry-pick drover/APP-12/2/side >/dev/null; git revert --no-edit HEAD >/dev/null; git merge -q --no-edit drover/APP-12/2/side
            test "$(git status | sed -n 2p)" = 'nothing to commit, working tree clean'
            echo x > "$HOME/note"; echo x > /tmp/note; echo $$ > /dev/null
            """);

        Assert.True(exit == 0, output);
        Assert.Contains("Second work, better", output);
        Assert.DoesNotContain("error", output);
        var facts = await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation);
        Assert.Equal(8, facts.Commits);
        Assert.Empty(facts.Uncommitted);
        Assert.False(File.Exists("/tmp/note"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(sample.Home));
    }

    [Fact]
    public async Task Work_goes_on_after_the_user_has_tidied_the_repository_up()
    {
        var worktree = await Prepare();
        var ready = Path.Combine(worktree.Path, "ready");
        Assert.Equal(0, Sample.Try(worktree.Path, "mkfifo", "ready", "go").Exit);
        var running = Task.Run(() => Inside(Spec(worktree, GitAccess.Commit),
            "echo 1 > x; git add x && git commit -qm One && echo > ready && read go < go && echo 2 > x && git commit -qam Two"));
        await Task.WhenAny(File.ReadAllTextAsync(ready, Sample.Cancellation), running);

        sample.Run("gc", "-q", "--prune=now");
        await File.WriteAllTextAsync(Path.Combine(worktree.Path, "go"), "\n", Sample.Cancellation);

        var (exit, output) = await running;
        Assert.True(exit == 0, output);
        Assert.Equal("Two", sample.Run("log", "-1", "--format=%s", Sample.Attempt.Branch.Value));
    }

    [Theory]
    [InlineData("write outside", "echo x > '{clone}/a.txt'")]
    [InlineData("write into the system", "echo x > /etc/drover-was-here")]
    [InlineData("write beside the worktree", "echo x > '{tree}/../planted' && test -e '{state}/trees/app/planted' && umount '{state}'")]
    [InlineData("move the target", "git update-ref refs/heads/trunk HEAD")]
    [InlineData("move the target by hand", "git rev-parse HEAD > '{git}/refs/heads/trunk'")]
    [InlineData("move another attempt's branch", "git update-ref refs/heads/drover/APP-12/1/work HEAD")]
    [InlineData("delete another attempt's branch", "git branch -D drover/APP-12/1/work")]
    [InlineData("make a branch elsewhere", "git branch elsewhere")]
    [InlineData("make a tag", "git tag planted")]
    [InlineData("pack the refs", "git pack-refs --all")]
    [InlineData("tidy the repository up", "git gc -q")]
    [InlineData("plant a hook", "echo x > '{git}/hooks/post-merge'")]
    [InlineData("plant a hook by renaming", "mv '{git}/hooks' '{git}/hooks2' && mkdir '{git}/hooks'")]
    [InlineData("write the configuration", "git config core.fsmonitor /tmp/x")]
    [InlineData("write the worktree's configuration", "echo x > '{admin}/config.worktree'")]
    [InlineData("replace the worktree's configuration", "echo x > '{admin}/new' && mv -f '{admin}/new' '{admin}/config.worktree'")]
    [InlineData("point commondir elsewhere", "echo /tmp > '{admin}/commondir'")]
    [InlineData("replace commondir", "echo /tmp > '{admin}/new' && mv -f '{admin}/new' '{admin}/commondir'")]
    [InlineData("point gitdir elsewhere", "echo /tmp > '{admin}/gitdir'")]
    [InlineData("remove gitdir", "rm -f '{admin}/gitdir'")]
    [InlineData("point .git elsewhere", "echo 'gitdir: /tmp' > .git")]
    [InlineData("replace .git", "rm -rf .git && mkdir .git")]
    [InlineData("move the git directory away", "mv '{admin}' /tmp/")]
    [InlineData("exclude files for all", "echo x >> '{git}/info/exclude'")]
    [InlineData("delete history", "rm -f '{git}'/objects/pack/*.pack")]
    [InlineData("read another run", "cat '{state}/runs/other/in'")]
    [InlineData("see the state directory", "test -e '{state}/runs'")]
    [InlineData("change another worktree", "ls '{state}/trees/app/APP-12.1'")]
    [InlineData("make a mount", "mount -t tmpfs none /etc")]
    [InlineData("undo a mount", "umount '{state}'")]
    [InlineData("make a binding writable", "mount -o remount,rw,bind '{git}'")]
    [InlineData("reach the kernel's settings", "echo core > /proc/sys/kernel/core_pattern")]
    [InlineData("signal a process outside", "kill -0 {pid}")]
    public async Task What_an_agent_must_not_do_fails(string what, string script)
    {
        var worktree = await Prepare();
        var other = new AttemptId("APP-12", 1);
        Assert.IsType<WorktreeMaking.Made>(await (await sample.Worktrees()).Make(other.Directory, other.Branch, sample.Tip("trunk"), Sample.Cancellation));
        sample.Run("repack", "-a", "-d", "-q");
        var before = Snapshot();
        var filled = script.Replace("{clone}", sample.Clone).Replace("{tree}", worktree.Path).Replace("{state}", State)
            .Replace("{git}", worktree.Repository.CommonDir).Replace("{admin}", worktree.GitDir)
            .Replace("{pid}", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));

        // The commit comes first: it shows that the sandbox itself works, and gives the attempts something to move refs to.
        var (exit, output) = await Inside(Spec(worktree, GitAccess.Commit), $"echo w > w.txt; git add w.txt; git commit -qm W || exit 0; {filled} || exit 77");

        Assert.True(exit == 77, $"{what}: exit {exit}: {output}");
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task What_an_agent_puts_into_the_git_directory_it_sees_is_seen_by_nobody_else()
    {
        var worktree = await Prepare();
        var before = Snapshot();
        var git = worktree.Repository.CommonDir;

        var (exit, output) = await Inside(Spec(worktree, GitAccess.Commit), $"cd '{git}' && rm config && echo '[core]' > config && echo x > packed-refs.lock && echo x > planted");

        Assert.True(exit == 0, output);
        Assert.Equal(before, Snapshot());
        Assert.False(File.Exists(Path.Combine(git, "planted")));
        Assert.False(File.Exists(Path.Combine(git, "packed-refs.lock")));
    }

    [Fact]
    public async Task A_repository_that_borrows_its_objects_works_inside()
    {
        await Prepare();
        var shared = Path.Combine(sample.Path, "shared");
        sample.RunIn(sample.Path, "clone", "-q", "--shared", sample.Clone, shared);
        var worktrees = new Worktrees(await sample.Open(shared), sample.Root);
        var making = await worktrees.Make("APP-7.1", new AttemptId("APP-7", 1).Branch, sample.Tip("trunk"), Sample.Cancellation);
        var spec = SandboxSpec.For(Assert.IsType<WorktreeMaking.Made>(making).Worktree, GitAccess.Commit, sample.Home, State, SocketDirectory);

        var (exit, output) = await Inside(spec, "git log --format=%s && echo x > x && git add x && git commit -qm X");

        Assert.True(exit == 0, output);
        Assert.Contains("First", output);
    }

    /// <summary>What no agent may change: the other refs, configuration, hooks, the main checkout, the other run.</summary>
    private string Snapshot()
    {
        var refs = sample.Run("for-each-ref", "--format=%(refname) %(objectname)").Split('\n').Where(r => !r.Contains("APP-12/2"));
        var admin = Path.Combine(sample.Clone, ".git", "worktrees", Sample.Attempt.Directory);
        string[] files = [Path.Combine(sample.Clone, ".git", "config"), Path.Combine(sample.Clone, ".git", "info", "exclude"), Path.Combine(sample.Clone, "a.txt"),
            Path.Combine(sample.Tree, ".git"), Path.Combine(admin, "commondir"), Path.Combine(admin, "gitdir"), Path.Combine(admin, "config.worktree"),
            Path.Combine(State, "runs", "other", "in")];
        return string.Join('\n', refs.Concat(files.Select(File.ReadAllText)).Concat(Directory.GetFileSystemEntries(Path.Combine(sample.Clone, ".git", "hooks")).Order())
            .Concat(Directory.GetDirectories(sample.Root.Path).Order()));
    }

    [Fact]
    public async Task The_servers_socket_is_out_of_reach()
    {
        Assert.SkipUnless(Sample.Try("/", "python3", "--version").Exit == 0, "python3 is the client of this test");
        var worktree = await Prepare();
        var path = Path.Combine(SocketDirectory, "d.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var script = $"python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect(\"{path}\")'";
        Assert.Equal(0, Sample.Try("/", "sh", "-c", script).Exit);

        var (exit, output) = await Inside(Spec(worktree, GitAccess.Commit), script);

        Assert.NotEqual(0, exit);
        Assert.Contains("FileNotFoundError", output);
    }

    [Fact]
    public async Task A_gate_reads_the_repository_and_writes_only_its_own_checkout()
    {
        await Prepare();
        var making = await (await sample.Worktrees()).MakeClean("gate", sample.Tip("trunk"), Sample.Cancellation);
        var checkout = Assert.IsType<WorktreeMaking.Made>(making).Worktree;

        var (exit, output) = await Inside(Spec(checkout, GitAccess.Read), "set -e; git log -1 --format=%s; git status --porcelain; echo built > out.txt; ! git commit -q --allow-empty -m x");

        Assert.True(exit == 0, output);
        Assert.Contains("First", output);
        Assert.True(File.Exists(Path.Combine(checkout.Path, "out.txt")));
        Assert.Equal(sample.Tip("trunk").Value, sample.RunIn(checkout.Path, "rev-parse", "HEAD"));
    }

    [Fact]
    public async Task Without_network_there_is_none()
    {
        var worktree = await Prepare();

        var (exit, output) = await Inside(Spec(worktree, GitAccess.Read) with { Network = NetworkAccess.None }, "cat /proc/net/route /proc/net/dev");

        Assert.True(exit == 0, output);
        Assert.DoesNotContain("eth0", output);
    }

    [Fact]
    public async Task Chosen_bits_of_the_home_are_shown_and_links_of_the_recipe_are_read_only()
    {
        var worktree = await Prepare();
        Sample.WriteIn(sample.Home, ".vendor/login", "token\n");
        Sample.WriteIn(sample.Home, ".ssh/id", "secret\n");
        sample.Write("node_modules/x", "x\n");
        Assert.Null(await Links.Place(worktree, ["node_modules"], Sample.Cancellation));
        var spec = SandboxSpec.For(worktree, GitAccess.Commit, sample.Home, State, SocketDirectory) with { ReadWrite = [Path.Combine(sample.Home, ".vendor")] };

        var (exit, output) = await Inside(spec, "set -e; cat ~/.vendor/login; echo new > ~/.vendor/login; ! ls ~/.ssh; cat node_modules/x; ! echo y > node_modules/x; ! ls '" + sample.Clone + "/a.txt'; git add -A; git status --porcelain");

        Assert.True(exit == 0, output);
        Assert.DoesNotContain("node_modules", output[output.IndexOf('x')..]);
        Assert.Equal("new\n", File.ReadAllText(Path.Combine(sample.Home, ".vendor", "login")));
        Assert.Equal("x\n", sample.Read("node_modules/x"));
    }

    [Fact]
    public async Task A_mode_comes_to_a_level_with_its_reason()
    {
        var works = new SandboxProbe.Works("/usr/bin/bwrap", "bubblewrap 0.8.0");
        var fails = new SandboxProbe.Fails("bubblewrap is not installed", "install it");

        Assert.Equal(new SandboxLevel.Bubblewrap("/usr/bin/bwrap"), works.Resolve(SandboxMode.Auto));
        Assert.Equal(new SandboxLevel.Bubblewrap("/usr/bin/bwrap"), works.Resolve(SandboxMode.Required));
        Assert.IsType<SandboxLevel.Vendor>(works.Resolve(SandboxMode.Off));
        Assert.Equal(new SandboxLevel.Vendor("bubblewrap is not installed"), fails.Resolve(SandboxMode.Auto));
        Assert.Contains("not installed", Assert.IsType<SandboxLevel.Refused>(fails.Resolve(SandboxMode.Required)).Reason);
        Assert.NotNull(await SandboxProbe.Try(TimeProvider.System, Sample.Cancellation));
    }

    public void Dispose() => sample.Dispose();
}
