using System.Diagnostics;
using System.Globalization;
using Drover.Server.Verbs;

namespace Drover.Server.Demo;

/// <summary>What a watcher sees: on a terminal a line for each ticket that changes in place, else a line for each thing that happens.</summary>
internal sealed class DemoScreen(TextWriter output, int? columns)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _painted;

    public static DemoScreen OfProcess(TextWriter output) => new(
        output, Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb" ? null : Console.WindowWidth is > 0 and var width ? Math.Max(40, width) : 80);

    public void Say(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }

    public void Happened(IReadOnlyList<DemoTicket> tickets, DemoTicket ticket, string line)
    {
        if (columns is { } width) Paint(tickets, width);
        else Say(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,6:0.0}s  {ticket.Key,-8} {ticket.Stage,-8} {Printable.Line(line, 140)}"));
    }

    private void Paint(IReadOnlyList<DemoTicket> tickets, int width)
    {
        if (_painted > 0) output.Write(string.Create(CultureInfo.InvariantCulture, $"\e[{_painted}A"));
        foreach (var ticket in tickets)
        {
            var colour = ticket.Stage switch { "done" => "\e[32m", "merging" => "\e[33m", "coding" => "\e[36m", _ => "" };
            var head = string.Create(CultureInfo.InvariantCulture, $"  {ticket.Key,-8} {ticket.Task.Name,-9} ");
            output.Write($"\r\e[2K{head}{colour}{ticket.Stage,-8}\e[0m {Printable.Line(ticket.Doing, width - head.Length - 10)}\n");
        }

        _painted = tickets.Count;
        output.Flush();
    }
}
