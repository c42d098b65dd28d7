using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Drover.Server.Host;

namespace Drover.Server.Runs;

/// <summary>Runs commands for an agent that has asked its client to do so, each under a keeper of its own, so that a killed server neither loses nor repeats nor leaks it. It
/// makes true what the machine's stored state wants, one thing after the other; whatever was done and not stored is done again, to the same effect.</summary>
internal sealed class TerminalDesk(RunPlace place, Talk talk, Launching launch, Watchdog watchdog, Wake wake)
{
    /// <summary>What of the output may be on disk that nobody can ask for any more.</summary>
    private const long SpareOutput = 4 * 1024 * 1024, MostOutput = 1024 * 1024;

    /// <summary>The agent's words are arguments of <c>env</c>, never a part of this: its variables are set inside the sandbox and not around it.</summary>
    private const string Script = """exec </dev/null 2>&1; cd -- "$1" && shift && exec env -- "$@" """;

    private readonly HashSet<RunId> _followed = [];
    private readonly JobDirectory _run = place.Job(talk.Run.Id);

    /// <summary>True when something was done, so that more may be to do.</summary>
    public async Task<bool> Do(CancellationToken ct)
    {
        // What is still open ends with the agent.
        if (talk.Run.State == RunState.Stopping) return false;
        var done = false;
        foreach (var terminal in talk.Machine.Terminals)
        {
            if (await Next(terminal, ct) is not { } input) continue;
            watchdog.Hear(talk.Machine.Apply(input));
            await talk.Store(ct);
            done = true;
        }

        return done;
    }

    /// <summary>A run's processes follow each other, and each counts its own.</summary>
    private JobDirectory JobOf(Terminal terminal) => place.Job(SideJob.IdOf($"terminal {_run.Id} {talk.Run.SpoolStart} {terminal.Id}"));

    /// <summary>Null while nothing is to be told.</summary>
    private async Task<Input?> Next(Terminal terminal, CancellationToken ct)
    {
        var job = JobOf(terminal);
        switch (terminal)
        {
            case { Wish: TerminalWish.Release }:
                if (await End(job, ct)) Dependants.Forget(place, _run, job);
                return new Input.TerminalReleased(terminal.Id);
            case { Phase: TerminalPhase.Asked, Wish: TerminalWish.End }:
                await End(job, ct);
                return new Input.TerminalStarted(terminal.Id, "the turn was ended before the command was started");
            case { Phase: TerminalPhase.Asked }:
                return await Start(terminal, job, ct) is var (known, why) && known ? new Input.TerminalStarted(terminal.Id, why) : null;
            case { Phase: TerminalPhase.Running, Wish: TerminalWish.End }:
                await End(job, ct);
                return new Input.TerminalExited(terminal.Id, null);
            case { Phase: TerminalPhase.Running } when HasEnded(job) is { } ended:
                // What it has left behind ends with it.
                await End(job, ct);
                return new Input.TerminalExited(terminal.Id, (ended as JobState.Exited)?.Code);
            case { Looks: [var request, ..] }:
                var (text, isCut) = TextTail.Read(job.Out, terminal.Limit);
                return new Input.TerminalOutput(request, text, isCut);
            default:
                return null;
        }
    }

    /// <summary>Whether it is known if it runs, and why it does not. The mark comes first, then the job.</summary>
    private async Task<(bool IsKnown, string? Why)> Start(Terminal terminal, JobDirectory job, CancellationToken ct)
    {
        // A killed server has started it. What would speak against that now, such as a directory that it has removed, comes too late.
        if (Keeper.Look(job) is JobState.Running or JobState.Exited or JobState.Gone) return (true, null);
        if (Inside(terminal.Directory) is not { } directory)
            return (true, $"'{terminal.Directory}' is not a directory of the worktree, or it is git's; commands are only run there");
        JobSpec spec;
        try
        {
            spec = await launch.Command(
                ["/bin/sh", "-c", Script, "terminal", directory, .. terminal.Environment.Select(v => $"{v.Name}={v.Value}"), .. terminal.Arguments], ct);
        }
        catch (LaunchRefusedException e)
        {
            return (true, e.Message);
        }

        if (spec.Unfit() is { } unfit) return (true, unfit);
        Dependants.Mark(_run, job);
        var state = await Keeper.EnsureStarted(job, spec, place.Time, ct);
        if (state is JobState.NotStarted { Why: var why }) return (true, $"the command could not be started: {why}");
        Follow(job);
        return (state is not JobState.Unknown, null);
    }

    /// <summary>The directory without its links, when it lies in the worktree. Null when it does not; one that is made a link later leads no further than the sandbox does.</summary>
    private string? Inside(string? directory)
    {
        var root = CanonicalPath.Of(talk.Run.Worktree!);
        var wanted = CanonicalPath.Of(Path.GetFullPath(directory ?? root, root));
        if (wanted == root) return root;
        return wanted.StartsWith(root + "/", StringComparison.Ordinal) && Directory.Exists(wanted)
            && !wanted[root.Length..].Split('/').Contains(".git", StringComparer.OrdinalIgnoreCase) ? wanted : null;
    }

    private JobState? HasEnded(JobDirectory job)
    {
        Follow(job);
        var state = Keeper.Look(job);
        // One that ran and does not seem to have begun was undone by its keeper, for which the disk was full.
        if (state is JobState.Exited or JobState.Gone or JobState.NotStarted) return state;
        if (state is JobState.Running running) place.Jobs.FollowExit(job, running.Keeper);
        Trim(job);
        return null;
    }

    /// <summary>Ends all of it; false when something may be left. Then its mark stays, and the run's end tries again and tells of it.</summary>
    private async Task<bool> End(JobDirectory job, CancellationToken ct) => await Stopper.Stop(job, TimeSpan.Zero, place.Time, ct) is StopResult.Verified;

    private void Follow(JobDirectory job)
    {
        if (!_followed.Add(job.Id) || !Directory.Exists(job.Path)) return;
        place.Jobs.Add(job.Id, wake);
        place.Jobs.Follow(job);
    }

    /// <summary>A command that never stops writing does not fill the disk.</summary>
    private static void Trim(JobDirectory job)
    {
        var length = new FileInfo(job.Out) is { Exists: true } file ? file.Length : 0;
        if (length > SpareOutput) SpoolQuota.Hold(job, length - MostOutput, SpareOutput);
    }
}
