using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Xunit;

namespace Drover.Server.Tests.Keeping;

/// <summary>A directory for real jobs, all of which are ended and removed with it.</summary>
public sealed class Jobs : IAsyncDisposable
{
    internal static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private readonly List<JobDirectory> _jobs = [];
    private readonly Random _random = new(Guid.NewGuid().GetHashCode());

    internal string Root { get; } = Directory.CreateTempSubdirectory("drover-jobs-").FullName;

    internal string WorkingDirectory => Directory.CreateDirectory(Path.Combine(Root, "a tree")).FullName;

    internal JobDirectory Make()
    {
        JobDirectory job;
        do job = new JobDirectory(Path.Combine(Root, "runs"), RunId.New(_random)); while (_jobs.Contains(job));
        _jobs.Add(job);
        return job;
    }

    internal JobSpec Shell(string script, params string[] arguments) => Command(["/bin/sh", "-c", script, "agent", .. arguments]);

    internal JobSpec Command(IReadOnlyList<string> command) => new(
        command, new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" }, WorkingDirectory, new Hold.Scan());

    internal static Task<JobState> Start(JobDirectory job, JobSpec spec) =>
        Keeper.EnsureStarted(job, spec, TimeProvider.System, TestContext.Current.CancellationToken);

    internal async Task<JobDirectory> StartShell(string script, params string[] arguments)
    {
        var job = Make();
        var state = await Start(job, Shell(script, arguments));
        Assert.True(state is JobState.Running or JobState.Exited, state.ToString());
        return job;
    }

    internal static Task<StopResult> Stop(JobDirectory job, TimeSpan? grace = null) =>
        Stopper.Stop(job, grace ?? TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken);

    internal static async Task<int> ExitCode(JobDirectory job)
    {
        await Until(() => Keeper.Look(job) is JobState.Exited, () => Keeper.Look(job).ToString());
        return ((JobState.Exited)Keeper.Look(job)).Code;
    }

    internal static Task Until(Func<bool> isSo) => Until(isSo, () => "");

    /// <summary>Waits for a condition of the machine that nothing signals.</summary>
    internal static async Task Until(Func<bool> isSo, Func<string> what)
    {
        using var limit = new CancellationTokenSource(DefaultTimeout);
        while (!isSo())
        {
            if (limit.IsCancellationRequested) Assert.Fail($"not within {DefaultTimeout}: {what()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    internal static void Append(JobDirectory job, string text)
    {
        var from = new FileInfo(job.In).Length;
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Assert.IsType<InputResult.Whole>(InputFile.Append(job, from + bytes.Length, [new(from, bytes)]));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var job in _jobs) await Stopper.Stop(job, TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        Directory.Delete(Root, recursive: true);
    }
}
