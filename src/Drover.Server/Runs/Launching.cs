using System.Security.Cryptography;
using System.Text;
using Drover.Agents;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Sandboxing;
using Drover.Node.Trees;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Runs;

/// <summary>How a run's agent is started: adapter, command line, environment, sandbox. It follows from what was ordered alone, so that a restarted server comes
/// to the same.</summary>
internal sealed class Launching
{
    private readonly RunPlace _place;
    private readonly RunRow _run;
    private readonly Confinement _confinement;
    private readonly string? _home;

    /// <param name="home">The agent's isolated home; null for the user's.</param>
    private Launching(RunPlace place, RunRow run, IAdapter adapter, RunSettings settings, Confinement confinement, string? home, Launch plan)
    {
        (_place, _run, _confinement, _home) = (place, run, confinement, home);
        (Adapter, Settings, Plan) = (adapter, settings, plan);
    }

    public IAdapter Adapter { get; }

    public RunSettings Settings { get; }

    public Launch Plan { get; }

    public bool IsSandboxed => _confinement.IsSandboxed;

    /// <exception cref="LaunchRefusedException">It cannot be started at all; the message says why.</exception>
    public static async Task<Launching> Of(RunPlace place, RunRow run, CancellationToken ct)
    {
        var settings = RunSettings.Parse(place.Journal.Read(db => RunTable.OrderOf(db, run.Id))!.Settings);
        var adapter = place.Adapter(run.Adapter) ?? throw new LaunchRefusedException($"there is no adapter '{run.Adapter}'");
        var project = await place.Projects.Get(place.Journal.Read(db => ProjectTable.Get(db, run.Project))!, ct);
        var worktree = run is { NoWorktree: false, Attempt: { } attempt }
            ? project.Worktrees.Find(attempt.Directory, attempt.Branch) : null;
        var directory = worktree?.Path ?? (run.NoWorktree ? project.Repository.TopLevel : null)
            ?? throw new LaunchRefusedException("the run's worktree is gone");
        var confinement = await (worktree is not null ? Confinement.Of(place, settings.Sandbox, worktree) : Confinement.None(place, settings.Sandbox, directory));
        var home = settings.IsolatedHome ? Path.Combine(place.Homes, run.Project.Value, settings.Entry) : null;
        if (home is not null) Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var plan = adapter.Plan(new(settings.Program, directory, ConversationOf(run.Id), null, run.Model ?? settings.Model, confinement.IsSandboxed, settings.Options)
        {
            IsolatedHome = home,
        });
        return new(place, run, adapter, settings, confinement, home, plan);
    }

    /// <summary>The first prompt, and the row that holds it with the command line, before anything is started.</summary>
    public async Task<string> Prompt(CancellationToken ct)
    {
        var order = _place.Journal.Read(db => RunTable.OrderOf(db, _run.Id))!;
        if (order.Prompt is { } written) return written;
        ct.ThrowIfCancellationRequested();
        var prompt = FirstPrompt.Write(_place, _run, Settings, order.Instruction);
        await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordLaunch(tx, _run.Id, prompt, Masked.Arguments(Plan.Arguments), _confinement.Words));
        return prompt;
    }

    public async Task<JobSpec> Job(CancellationToken ct)
    {
        var environment = Environments.Common(Plan.Inherits.Concat(Settings.Pass));
        await _confinement.AddGit(environment, ct);
        foreach (var (name, value) in Plan.Environment.Concat(Settings.Environment)) environment[name] = value;
        environment["DROVER_ROLE"] = _run.Role.Word();
        environment["DROVER_RUN_NAME"] = _run.Name.Value;
        environment["DROVER_PROJECT"] = _run.Project.Value;
        environment["DROVER_TOKEN"] = _place.Tokens.TokenOf(_run.Id);
        if (_place.Url is { } url) environment["DROVER_URL"] = url;
        return _confinement.Wrap(Plan.Arguments, environment, Plan.HomePaths, _home, _run.Role.Writes() ? GitAccess.Commit : GitAccess.Read);
    }

    /// <summary>The id that the conversation is to have where we may choose it: made of the run's, so that a second start chooses the same.</summary>
    private static string ConversationOf(RunId run)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"conversation {run}"))[..16];
        (hash[7], hash[8]) = ((byte)((hash[7] & 0x0f) | 0x40), (byte)((hash[8] & 0x3f) | 0x80));
        return new Guid(hash).ToString();
    }
}

internal sealed class LaunchRefusedException(string message) : Exception(message);
