using System.Diagnostics;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

/// <summary>A real repository of its own for each test, in a directory with a space and a letter beyond ASCII, on a branch that is not main.</summary>
internal sealed class Sample : IDisposable
{
    public static readonly AttemptId Attempt = new("APP-12", 2);

    private static readonly Lazy<Task<Node.Repositories.Git>> Found = new(async () =>
        Assert.IsType<GitProbe.Ready>(await Node.Repositories.Git.Find(TimeProvider.System, Scratch.Temporary, TestContext.Current.CancellationToken)).Git);

    private readonly DirectoryInfo top = Directory.CreateTempSubdirectory("drover git ü ");

    public string Path => top.FullName;

    public string Clone => System.IO.Path.Combine(Path, "my clone");

    public string Home => System.IO.Path.Combine(Path, "home");

    public BranchName Trunk { get; } = new("trunk");

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The directory of the attempt's worktree.</summary>
    public string Tree => System.IO.Path.Combine(Path, "state", "trees", "app", Attempt.Directory);

    public TreesRoot Root => TreesRoot.Open(System.IO.Path.Combine(Path, "state", "trees", "app"));

    public static Task<Node.Repositories.Git> Gate => Found.Value;

    /// <summary>A clone with one commit: <c>a.txt</c>, <c>b.txt</c>, <c>sub/ç é.txt</c>.</summary>
    public static Sample WithCommit()
    {
        var sample = Empty();
        sample.Write("a.txt", "one\ntwo\nthree\n");
        sample.Write("b.txt", "b\n");
        sample.Write("sub/ç é.txt", "c\n");
        sample.Commit("First");
        return sample;
    }

    public static Sample Empty()
    {
        var sample = new Sample();
        Directory.CreateDirectory(sample.Clone);
        sample.Run("init", "-q", "-b", "trunk");
        sample.Run("config", "user.name", "Zoë Tester");
        sample.Run("config", "user.email", "zoe@example.org");
        return sample;
    }

    public async Task<Repository> Open(string? path = null) =>
        Assert.IsType<RepositoryOpening.Opened>(await Repository.Open(await Gate, path ?? Clone, Cancellation)).Repository;

    public async Task<RepositoryOpening.Refused> Refusal(string path) =>
        Assert.IsType<RepositoryOpening.Refused>(await Repository.Open(await Gate, path, Cancellation));

    public async Task<Worktrees> Worktrees() => new(await Open(), Root);

    /// <summary>The attempt's worktree, begun at the trunk's tip.</summary>
    public async Task<Worktree> Make()
    {
        var making = await (await Worktrees()).Make(Attempt.Directory, Attempt.Branch, Tip("trunk"), Cancellation);
        return Assert.IsType<WorktreeMaking.Made>(making).Worktree;
    }

    public void Write(string path, string text) => WriteIn(Clone, path, text);

    public static void WriteIn(string directory, string path, string text)
    {
        var file = System.IO.Path.Combine(directory, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public string Read(string path) => File.ReadAllText(System.IO.Path.Combine(Clone, path));

    public CommitSha Commit(string message) => CommitIn(Clone, message);

    public CommitSha CommitIn(string directory, string message)
    {
        RunIn(directory, "add", "-A");
        RunIn(directory, "-c", "user.name=Agent", "-c", "user.email=agent@example.org", "commit", "-q", "--allow-empty", "-m", message);
        return new(RunIn(directory, "rev-parse", "HEAD"));
    }

    public CommitSha Tip(string branch) => new(Run("rev-parse", "--verify", branch));

    public string Run(params string[] arguments) => RunIn(Clone, arguments);

    public string RunIn(string directory, params string[] arguments)
    {
        var (exit, output) = Try(directory, "git", arguments);
        Assert.True(exit == 0, $"git {string.Join(' ', arguments)}: {output}");
        return output.TrimEnd('\n');
    }

    public static (int Exit, string Output) Try(string directory, string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        info.Environment["LC_ALL"] = "C";
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + error.Result);
    }

    public void Dispose() => Try("/", "rm", "-rf", Path);
}
