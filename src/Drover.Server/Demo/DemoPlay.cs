using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Verbs;

namespace Drover.Server.Demo;

/// <summary>The demo from the empty directory to the verdict.</summary>
internal sealed class DemoPlay(DemoOptions options, Preset agent, DemoPlace place, Git git, VerbIo io, TimeProvider time)
{
    private readonly DemoScreen _screen = DemoScreen.OfProcess(options.Json ? TextWriter.Null : io.Output);
    private DemoServer? _server;

    public async Task<int> Run(CancellationToken interrupted)
    {
        try
        {
            return await Play(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            io.Errors.WriteLine("\nstopping the agents and the server …");
            io.Errors.WriteLine(_server?.Stop() != false ? $"Nothing runs any more. What was made is in {place.Top}; remove it with: rm -rf {place.Top}"
                : $"The server (pid {_server.Facts.Pid}) does not end; its log is {place.Home.LogFile}");
            return ExitCodes.Failed;
        }
        catch
        {
            End();
            throw;
        }
    }

    private async Task<int> Play(CancellationToken interrupted)
    {
        if (options.Cast == DemoCast.Live) _screen.Say($"This uses your own login of {agent.Title}, and costs what three small tasks cost. Ctrl-C stops it.\n");
        using var model = options.Cast == DemoCast.Rehearsed
            ? await RehearsedModel.Start(RehearsalProgram.Find() ?? throw DemoVerb.NoRehearsal(), place.ModelLog, interrupted) : null;
        var rehearsal = model is null ? null : agent.AgainstModelServer?.Invoke(model.Url);
        var repository = await place.Fill(git, agent, options.Cast, rehearsal, interrupted);
        var began = await repository.Resolve(new BranchName(SampleFiles.Branch), interrupted) ?? throw new DemoFailedException("the sample repository has no commit");
        _screen.Say($"repository  {place.Repository}   ({SampleFiles.Branch} at {began.Short})");
        _server = DemoServer.Start(place.Home, options.Cast);
        _screen.Say($"server      pid {_server.Facts.Pid}, {_server.Facts.Url}, state in {place.Home.Path}");
        _screen.Say($"agents      three of {agent.Title}{(model is null ? "" : $", against the model server {model.Url}")}\n");

        var project = _server.Register(place.Repository);
        if (rehearsal is not null) await place.Furnish(project.Id, rehearsal, interrupted);
        var events = _server.Follow();
        DemoTicket[] tickets = [.. DemoTask.All.Select(t => new DemoTicket(t, _server.File(t.Ticket(project.Id)).Key))];
        foreach (var ticket in tickets) _server.StartRun(ticket.Key);
        await Watch(events, tickets, interrupted);
        return await Tell(repository, began, tickets, interrupted);
    }

    /// <summary>Until nothing more will happen to any ticket, or the time is up.</summary>
    private async Task Watch(System.Threading.Channels.ChannelReader<EventJson> events, DemoTicket[] tickets, CancellationToken interrupted)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, interrupted);
        try
        {
            while (!tickets.All(t => t.IsOver))
            {
                var happened = await events.ReadAsync(either.Token);
                if (Array.Find(tickets, t => t.Key == happened.Ticket) is { } ticket && ticket.Hear(happened) is { } line) _screen.Happened(tickets, ticket, line);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !interrupted.IsCancellationRequested)
        {
            _screen.Say($"\nafter {Limit.TotalMinutes:0} minutes it is still not over");
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            throw new DemoFailedException($"the server ended in the middle of the demo; its log is {place.Home.LogFile}");
        }
    }

    private TimeSpan Limit => options.Cast switch
    {
        DemoCast.Scripted or DemoCast.Rehearsed => TimeSpan.FromMinutes(5),
        DemoCast.Live => TimeSpan.FromMinutes(60),
    };

    private async Task<int> Tell(Repository repository, CommitSha began, DemoTicket[] tickets, CancellationToken interrupted)
    {
        var runs = _server!.Runs().OrderBy(r => r.Ticket, StringComparer.Ordinal).ToList();
        var verdict = await new DemoJudge(repository, place).Judge(began, [.. tickets.Select(t => (t.Task, runs.Find(r => r.Ticket == t.Key)?.Head))], interrupted);
        var why = tickets.Where(t => t.Stage != "done").ToDictionary(t => t.Key, t => _server.Why(t.Key));
        var page = options.Stops ? null : _server.LoginLink().Url;
        if (options.Stops && !_server.Stop()) throw new DemoFailedException($"the server (pid {_server.Facts.Pid}) does not end; its log is {place.Home.LogFile}");
        var report = new DemoReport(place, options, verdict, tickets, runs, why, page);
        io.Output.WriteLine(options.Json ? report.Json() : report.Text().TrimEnd());
        return verdict.IsGood ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Before trouble is told: nothing of the demo goes on, its files stay to be looked at.</summary>
    private void End()
    {
        var ended = _server?.Stop() != false;
        io.Errors.WriteLine($"drover: the demo broke off; {(ended ? "nothing of it runs any more" : $"its server (pid {_server!.Facts.Pid}) does not end")}, and its files are in {place.Top}");
    }
}
