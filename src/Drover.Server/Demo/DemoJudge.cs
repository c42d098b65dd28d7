using System.Diagnostics;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;

namespace Drover.Server.Demo;

/// <summary>What main really holds, whatever the server says of it.</summary>
/// <param name="Problems">Empty: all is as it should be.</param>
/// <param name="Took">How long the tests took on a clean checkout; null when they did not run.</param>
internal sealed record DemoVerdict(CommitSha Main, IReadOnlyList<string> Problems, TimeSpan? Took)
{
    public bool IsGood => Problems.Count == 0;
}

internal sealed class DemoJudge(Repository repository, DemoPlace place)
{
    private static readonly TimeSpan GateLimit = TimeSpan.FromMinutes(2);

    /// <param name="heads">The commit at the end of each task's branch; null when its run left none.</param>
    public async Task<DemoVerdict> Judge(CommitSha began, IReadOnlyList<(DemoTask Task, string? Head)> heads, CancellationToken token)
    {
        var main = await repository.Resolve(new BranchName(SampleFiles.Branch), token) ?? began;
        var problems = new List<string>();
        foreach (var (task, head) in heads)
        {
            if (head is null || !await repository.IsAncestor(new(head), main, token)) problems.Add($"the commits for {task.Name} are not in {SampleFiles.Branch}");
            foreach (var file in task.Files)
                if (await repository.ReadFile(main, file, 1 << 20, token) is not CommittedFile.Present { Bytes.Length: > 0 }) problems.Add($"{SampleFiles.Branch} has no {file}");
        }

        if (problems.Count > 0) return new(main, problems, null);
        var clock = Stopwatch.StartNew();
        if (await Gate(main, token) is { } failure) problems.Add(failure);
        return new(main, problems, clock.Elapsed);
    }

    /// <summary>Runs the tests on a clean checkout of the commit. Null when they pass.</summary>
    private async Task<string?> Gate(CommitSha main, CancellationToken token)
    {
        var checkouts = new Worktrees(repository, TreesRoot.Open(Path.Combine(place.Top, "check")));
        if (await checkouts.MakeClean("main", main, token) is not WorktreeMaking.Made made) return $"no clean checkout of {SampleFiles.Branch} could be made";
        var start = new ProcessStartInfo("node", ["--test"]) { WorkingDirectory = made.Worktree.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Clear();
        foreach (var (name, value) in Runs.Environments.Common([])) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new DemoFailedException("node did not start");
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(GateLimit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await checkouts.Discard("main", token);
            return process.ExitCode == 0 ? null : $"the tests fail on a clean checkout of {SampleFiles.Branch} (exit code {process.ExitCode}):\n{await output}{await errors}";
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
