using System.Security.Cryptography;
using System.Text;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Sandboxing;
using Drover.Node.Spooling;
using Drover.Node.Trees;
using Drover.Server.Host;

namespace Drover.Server.Runs;

/// <param name="Code">Null when it was ended by Drover or lost.</param>
/// <param name="Failure">Null when it ended with 0; else how it failed, to follow its name in a sentence.</param>
/// <param name="IsLost">The machine went down under it: it says nothing, and may be run again.</param>
internal sealed record SideJobEnd(int? Code, string? Failure, string Output, TimeSpan Took, bool IsLost = false);

/// <summary>A command that is run for an agent's work and is no agent: a gate, a step of <c>post_create</c>. It stands under a keeper like an agent, so that a
/// killed server neither loses nor repeats nor leaks it. It runs what an agent may have written, so it gets the sandbox and none of the secrets.</summary>
internal sealed class SideJob(RunPlace place, RunId id)
{
    private const int TailBytes = 8000;

    /// <summary>The id of the job for something that is done once: the same words give the same job, also after a restart.</summary>
    public static RunId IdOf(string what) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..16]);

    /// <param name="isUnwanted">Asked now and then: whether nobody wants the result any more.</param>
    public async Task<SideJobEnd> Run(RunCommand command, Worktree worktree, RunSandbox sandbox, Func<bool> isUnwanted, CancellationToken ct)
    {
        var wake = new Wake();
        var job = place.Job(id);
        place.Jobs.Add(id, wake);
        try
        {
            return await Run(job, command, worktree, sandbox, isUnwanted, wake, ct);
        }
        finally
        {
            place.Jobs.Remove(job);
        }
    }

    private async Task<SideJobEnd> Run(
        JobDirectory job, RunCommand command, Worktree worktree, RunSandbox sandbox, Func<bool> isUnwanted, Wake wake, CancellationToken ct)
    {
        var environment = Environments.Common([]);
        var confinement = await Confinement.Of(place, sandbox, worktree);
        await confinement.AddGit(environment, ct);
        environment["CI"] = "true";
        var spec = confinement.Wrap(command.Arguments, environment, [], null, [], GitAccess.Read);
        if (spec.Unfit() is { } unfit) return new(null, $"cannot be run: {unfit}", "", TimeSpan.Zero);
        var state = await Keeper.EnsureStarted(job, spec, place.Time, ct);
        if (state is JobState.NotStarted { Why: var why }) return new(null, $"could not be started: {why}", "", TimeSpan.Zero);
        place.Jobs.Follow(job);
        var began = Directory.GetCreationTimeUtc(job.Started);
        string? ended = null;
        while (Keeper.Look(job) is var now && now is not (JobState.Exited or JobState.Gone))
        {
            if (now is JobState.Running running) place.Jobs.FollowExit(job, running.Keeper);
            if (place.Time.GetUtcNow().UtcDateTime - began > command.Timeout) ended = $"took longer than {command.Timeout}";
            else if (isUnwanted()) ended = "was ended, since its run is to stop";
            if (ended is not null) break;
            await wake.WaitAsync(ct);
        }

        await Stopper.Stop(job, ended is null ? TimeSpan.Zero : TimeSpan.FromSeconds(2), place.Time, ct);
        return End(job, ended, place.Time.GetUtcNow().UtcDateTime - began);
    }

    private static SideJobEnd End(JobDirectory job, string? ended, TimeSpan took)
    {
        var output = Output(job);
        if (ended is not null) return new(null, ended, output, took);
        return Keeper.Look(job) switch
        {
            JobState.Exited { Code: 0 } => new(0, null, output, took),
            JobState.Exited { Code: var code } => new(code, $"failed with exit code {code}", output, took),
            JobState.Gone { Why: var why } => Forget(job, new(null, $"was lost: {why}", output, took, IsLost: true)),
            var state => new(null, $"ended in a way that cannot be told ({state.GetType().Name})", output, took),
        };
    }

    /// <summary>The same id may be started anew.</summary>
    private static SideJobEnd Forget(JobDirectory job, SideJobEnd end)
    {
        Directory.Delete(job.Path, recursive: true);
        return end;
    }

    /// <summary>The end of what it wrote, standard error after standard output.</summary>
    private static string Output(JobDirectory job)
    {
        var text = Tail(job.Out) + Tail(job.Err);
        return text.Length <= TailBytes ? text : text[^TailBytes..];
    }

    private static string Tail(string path)
    {
        if (!File.Exists(path)) return "";
        using var file = File.OpenRead(path);
        file.Seek(-Math.Min(TailBytes, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
