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
    /// <summary>Linux takes no argument that is longer, in bytes, its terminating zero not counted.</summary>
    private const int LongestArgument = (128 * 1024) - 1;

    private readonly RunPlace _place;
    private readonly RunRow _run;
    private readonly string? _home;
    private Confinement? _confinement;

    /// <param name="home">The agent's isolated home; null for the user's.</param>
    private Launching(RunPlace place, RunRow run, IAdapter adapter, RunSettings settings, string? home)
    {
        (_place, _run, _home) = (place, run, home);
        (Adapter, Settings) = (adapter, settings);
    }

    public IAdapter Adapter { get; }

    public RunSettings Settings { get; }

    public Launch Plan { get; private init; } = null!;

    /// <summary>Whether Drover's sandbox surrounds the agent: as the row says of one that was started, whatever would be possible now.</summary>
    public bool IsSandboxed { get; private init; }

    /// <exception cref="LaunchRefusedException">It cannot be started at all; the message says why.</exception>
    public static async Task<Launching> Of(RunPlace place, RunRow run, CancellationToken ct)
    {
        var settings = RunSettings.Parse(place.Journal.Read(db => RunTable.OrderOf(db, run.Id))!.Settings);
        var adapter = place.Proven(run.Adapter, settings.Program) ?? throw new LaunchRefusedException($"there is no adapter '{run.Adapter}'");
        var home = IsolatedHome(place, run.Project, settings);
        var launch = new Launching(place, run, adapter, settings, home);
        var sandboxed = run.Sandbox is { } recorded ? recorded == Confinement.Bubblewrap : (await launch.Confine(ct)).IsSandboxed;
        var plan = Planned(adapter, new(settings.Program, run.Worktree!, ConversationOf(run), run.ResumeVendorId, settings.Model, sandboxed, settings.Options)
        {
            IsolatedHome = home,
            // The first process has made the copy, and any other goes on with that.
            Forks = run is { ForkOf: not null, ProcessNumber: 1 },
            AppendedPrompt = settings.SystemPrompt,
            McpServers = [.. settings.McpServers.Select(s => new McpServer(s.Name, s.Command, Environments.With(s.Pass, s.Environment)))],
            // A process that runs has been told, and its repository may be gone by now.
            Writable = sandboxed || !run.Role.Writes() || run.Process is not null ? [] : await WritesOf(place, run, ct),
            AsksApprovals = AsksApprovals(adapter, settings),
            // Only there can nothing of a command reach further, or outlive it.
            Terminals = sandboxed && run.Role.Writes() && !run.NoWorktree,
        });
        return new(place, run, adapter, settings, home) { _confinement = launch._confinement, Plan = plan, IsSandboxed = sandboxed };
    }

    private static Launch Planned(IAdapter adapter, LaunchRequest request)
    {
        try
        {
            return adapter.Plan(request);
        }
        catch (LaunchImpossibleException e)
        {
            throw new LaunchRefusedException(e.Message);
        }
    }

    /// <exception cref="LaunchRefusedException">It is to ask, and cannot.</exception>
    private static bool AsksApprovals(IAdapter adapter, RunSettings settings)
    {
        if (settings.Approvals?.ToPolicy().NeedsQuestions != true) return false;
        return adapter.Capabilities.AsksApproval ? true : throw new LaunchRefusedException(
            $"approvals in drover.yaml cannot hold for {settings.Entry}: agents with the adapter '{adapter.Name}' never ask for permission. Write `approvals: allow` under agents: {settings.Entry}: to let this one do what its sandbox lets it");
    }

    /// <summary>The home that the agent lives in.</summary>
    public string Home => _home ?? Environments.UserHome;

    /// <summary>The home that an agent with these settings lives in.</summary>
    public static string HomeOf(RunPlace place, ProjectId project, RunSettings settings) => IsolatedHome(place, project, settings) ?? Environments.UserHome;

    private static string? IsolatedHome(RunPlace place, ProjectId project, RunSettings settings) =>
        settings.IsolatedHome ? Path.Combine(place.Homes, project.Value, settings.Entry) : null;

    private async Task<Confinement> Confine(CancellationToken ct)
    {
        if (_confinement is { } known) return known;
        if (_run.NoWorktree) return _confinement = await Confinement.None(_place, Settings.Sandbox, _run.Worktree!);
        var worktree = await RunWorktree.Of(_place, _run, ct) ?? throw new LaunchRefusedException("the run's worktree is gone");
        return _confinement = await Confinement.Of(_place, Settings.Sandbox, worktree);
    }

    /// <summary>The first prompt of the agent's process, and the row that holds it with the command line, before anything is started.</summary>
    public async Task<string> Prompt(CancellationToken ct)
    {
        var order = _place.Journal.Read(db => RunTable.OrderOf(db, _run.Id))!;
        if (order is { Opening: { } written, Command.Count: > 0 }) return written;
        var confinement = await Confine(ct);
        var prompt = order.Prompt ?? FirstPrompt.Write(_place, _run, Settings, order.Instruction);
        await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordLaunch(tx, _run.Id, prompt, Masked.Arguments(Plan.Arguments), confinement.Words));
        return order.GoOn ?? prompt;
    }

    /// <exception cref="LaunchRefusedException">It was planned with a sandbox that is not to be had any more.</exception>
    public async Task<JobSpec> Job(CancellationToken ct)
    {
        var confinement = await Confine(ct);
        if (confinement.IsSandboxed != IsSandboxed) throw new LaunchRefusedException("the sandbox that the run was planned with works no longer, or only now; start it again");
        if (_home is not null) Directory.CreateDirectory(_home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (confinement.IsSandboxed) AgentFiles.Make(Environments.UserHome, Plan.HomePaths);
        var environment = Environments.Common(Plan.Inherits.Concat(Settings.Pass));
        await confinement.AddGit(environment, ct);
        foreach (var (name, value) in Plan.Environment.Concat(Settings.Environment)) environment[name] = value;
        // They steer the loader and the interpreters of what surrounds the agent, outside of its sandbox.
        foreach (var name in environment.Keys.Where(IsForTheKeeper).ToList()) environment.Remove(name);
        environment["DROVER_ROLE"] = _run.Role.Word();
        environment["DROVER_RUN_NAME"] = _run.Name.Value;
        environment["DROVER_PROJECT"] = _run.Project.Value;
        environment["DROVER_TOKEN"] = _place.Tokens.TokenOf(_run.Id);
        if (_place.Url is { } url) environment["DROVER_URL"] = url;
        if (ProgramPaths.Program(Plan.Arguments[0], environment.GetValueOrDefault("PATH") ?? "") is null)
            throw new LaunchRefusedException($"the agent's program '{Plan.Arguments[0]}' could not be run: it is not there. Install it, or name it under agents: {Settings.Entry}: command: in drover.yaml; `drover doctor` looks for it");
        var handed = HandOver(out var arguments);
        return confinement.Wrap(arguments, environment, Plan.HomePaths, _home, [.. handed, .. HandFiles(environment)], _run.Role.Writes() ? GitAccess.Commit : GitAccess.Read);
    }

    /// <summary>A command that is run for the agent: in the same sandbox, without what is the vendor's own. An isolated home is the vendor's, too, with its login in it.</summary>
    public async Task<JobSpec> Command(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var confinement = await Confine(ct);
        if (!confinement.IsSandboxed) throw new LaunchRefusedException("the sandbox that the run was planned with works no longer");
        var environment = Environments.Common(Settings.Pass);
        await confinement.AddGit(environment, ct);
        foreach (var (name, value) in Settings.Environment) environment[name] = value;
        foreach (var name in environment.Keys.Where(IsForTheKeeper).ToList()) environment.Remove(name);
        return confinement.Wrap(arguments, Plan.Arguments, environment, [], null, [], GitAccess.Commit);
    }

    /// <summary>Puts the first prompt where an agent finds it that does not get it through its input. Gives the files that were written for it.</summary>
    private IReadOnlyList<string> HandOver(out IReadOnlyList<string> arguments)
    {
        var prompt = _place.Journal.Read(db => RunTable.OrderOf(db, _run.Id))!.Opening!;
        var file = _place.Job(_run.Id).Prompt;
        arguments = Plan.With(prompt, file);
        if (Plan.Prompt == PromptWay.Argument && Encoding.UTF8.GetByteCount(prompt) > LongestArgument)
            throw new LaunchRefusedException($"the first prompt has more than the {LongestArgument} bytes that an argument can hold: give it to the agent with `options: {{ prompt: input }}` or `file`");
        if (Plan.Prompt != PromptWay.File) return [];
        File.WriteAllText(file, prompt);
        return [file];
    }

    /// <summary>Writes the adapter's files and names them in the environment. Gives them.</summary>
    private List<string> HandFiles(Dictionary<string, string> environment)
    {
        List<string> handed = [];
        foreach (var wanted in Plan.Files.Where(f => !environment.ContainsKey(f.Variable) && !f.Hides.Any(File.Exists)))
        {
            var file = _place.Job(_run.Id).Handed(wanted.Variable);
            File.WriteAllText(file, wanted.Text);
            environment[wanted.Variable] = file;
            handed.Add(file);
        }

        return handed;
    }

    /// <summary>What of the repository a run without our sandbox writes.</summary>
    private static async Task<IReadOnlyList<string>> WritesOf(RunPlace place, RunRow run, CancellationToken ct)
    {
        if (run.NoWorktree) return [Path.Combine(run.Worktree!, ".git")];
        return await RunWorktree.Of(place, run, ct) is { } worktree ? AgentGit.Directories(worktree) : [];
    }

    private static bool IsForTheKeeper(string name) =>
        name.StartsWith("LD_", StringComparison.Ordinal) || name.StartsWith("PERL", StringComparison.Ordinal) || name is "BASH_ENV" or "ENV" or "SHELLOPTS";

    /// <summary>The id that the conversation is to have where we may choose it: made of the run's and its process's, so that a restarted server chooses the same.</summary>
    private static string ConversationOf(RunRow run)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"conversation {run.Id} {run.ProcessNumber}"))[..16];
        (hash[7], hash[8]) = ((byte)((hash[7] & 0x0f) | 0x40), (byte)((hash[8] & 0x3f) | 0x80));
        return new Guid(hash).ToString();
    }
}

internal sealed class LaunchRefusedException(string message) : Exception(message);
