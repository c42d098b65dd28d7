using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json;
using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Sandboxing;
using Drover.Server.Config;
using Drover.Server.Conformance;
using Drover.Server.Demo;
using Drover.Server.Verbs;

namespace Drover.Server.Doctor;

/// <summary><c>drover doctor</c>: looks at everything that Drover needs, proves what the agents' programs can do, and says what to do about what is not as it should be.</summary>
internal sealed class DoctorVerb(DoctorOptions options, VerbIo io, Func<string, string?> findProgram, TimeProvider time)
{
    public static async Task<int> Run(string[] args, VerbIo io, Func<string, string?> findProgram, TimeProvider time)
    {
        if (DoctorOptions.Read(args, out var wrong) is not { } options) return io.Fail(args.Contains("--json"), ExitCodes.Usage, "usage", $"{wrong}\n{DoctorOptions.Usage}");
        if (options.Help)
        {
            io.Output.WriteLine(DoctorOptions.Usage);
            return ExitCodes.Done;
        }

        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await new DoctorVerb(options, io, findProgram, time).Run(interrupted.Token);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return io.Fail(options.Json, ExitCodes.Failed, "interrupted", "interrupted; what was proven before is kept");
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    internal async Task<int> Run(CancellationToken token)
    {
        var sight = await Look(token);
        if (options.Agents.Count > 0) sight = sight with { Findings = [] };
        if (Wanted(sight, out var why) is not { } subjects) return io.Fail(options.Json, ExitCodes.NotFound, "agent_not_found", why!);
        var (cards, trouble) = await Prove(sight, subjects, token);
        Finding[] findings = [.. sight.Findings, .. trouble, .. cards.Select(CardText.Judge)];
        io.Output.WriteLine(options.Json ? Json(findings, cards) : DoctorText.Of(findings, cards));
        return findings.Any(f => f.Grade == Grade.Fail) ? ExitCodes.Failed : ExitCodes.Done;
    }

    /// <summary>All that is seen without starting an agent.</summary>
    internal async Task<DoctorSight> Look(CancellationToken token)
    {
        string[] adapters = [.. Adapters.All.Select(a => a.Name)];
        var git = await Git.Find(time, Scratch.Temporary, token);
        var (machine, home) = HomeCheck.Look(io.Home, adapters);
        var (config, project) = git is GitProbe.Ready ready ? await ProjectCheck.Look(ready.Git, io.Directory, adapters, token) : (null, []);
        var probe = await SandboxProbe.Try(time, token);
        var sandbox = ToolsCheck.Judge(probe, config?.Sandbox.Mode ?? SandboxMode.Auto);
        var agents = config is null ? AgentsCheck.LookForKnown(findProgram) : AgentsCheck.Look(config, machine, findProgram);
        return new((git as GitProbe.Ready)?.Git, probe, new(io.Directory, config, machine, findProgram),
            [.. MachineCheck.Look(), ToolsCheck.Judge(git), ToolsCheck.Sqlite(), .. sandbox, .. home, .. project, .. agents, ServerCheck.Look(io.Home)]);
    }

    /// <summary>Null when one that was named is not there.</summary>
    private IReadOnlyList<KitSubject>? Wanted(DoctorSight sight, out string? why)
    {
        why = null;
        if (options.Quick) return [];
        if (options.Agents.Count == 0) return sight.Subjects.All();
        var named = new List<KitSubject>();
        foreach (var name in options.Agents)
        {
            if (sight.Subjects.Named(name, options.Program, options.Command, out why) is not { } subject) return null;
            named.Add(subject);
        }

        return named;
    }

    private async Task<(IReadOnlyList<CardJson> Cards, IReadOnlyList<Finding> Trouble)> Prove(DoctorSight sight, IReadOnlyList<KitSubject> subjects, CancellationToken token)
    {
        var cards = new Cards(io.Home);
        var fresh = options.Renew || options.Agents.Count > 0 ? []
            : subjects.Select(s => cards.Of(s.Adapter.Name, s.Command)).OfType<Proof.Fresh>().Select(p => p.Card).ToList();
        var open = subjects.Where(s => !fresh.Any(c => c.Adapter == s.Adapter.Name && c.Command.SequenceEqual(s.Command))).ToList();
        if (open.Count == 0) return (fresh, []);
        if (sight.Git is not { } git) return (fresh, [new("proof", Grade.Warn, "no agent can be proven without git")]);
        if (RehearsalProgram.Find() is not { } rehearsal)
            return (fresh, [new("proof", Grade.Warn, $"no agent can be proven: drover-rehearsal, which plays their model, is not beside drover-server ({AppContext.BaseDirectory})", "Install both together.")]);
        try
        {
            return ([.. fresh, .. await new AgentsProof(io.Home, git, sight.Sandbox, io.Errors, time).Prove(open, rehearsal, token)], []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GitFailedException or Win32Exception or KitFailedException)
        {
            return (fresh, [new("proof", Grade.Warn, $"the agents cannot be proven here: {e.Message}")]);
        }
    }

    private static string Json(IReadOnlyList<Finding> findings, IReadOnlyList<CardJson> cards) => JsonLine.Object(json =>
    {
        json.WriteBoolean("ok", findings.All(f => f.Grade != Grade.Fail));
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("about", finding.About);
            json.WriteString("grade", finding.Grade.Word());
            json.WriteString("text", finding.Text);
            json.WriteString("advice", finding.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("cards");
        json.WriteStartArray();
        foreach (var card in cards) JsonSerializer.Serialize(json, card, ApiJson.Default.CardJson);
        json.WriteEndArray();
    });
}

/// <summary>What a look at the machine gave: the findings, and what proving agents needs.</summary>
/// <param name="Git">Null when there is none that Drover can use.</param>
internal sealed record DoctorSight(Git? Git, SandboxProbe Sandbox, Subjects Subjects, IReadOnlyList<Finding> Findings);
