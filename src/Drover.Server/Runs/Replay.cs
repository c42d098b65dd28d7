using Drover.Agents;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Makes a machine anew out of everything it ever read, from its process's first line on, and was told, when its checkpoint is of a version that this program does not know.
/// What it says on the way has been stored and written before, so it is thrown away.</summary>
internal static class Replay
{
    /// <exception cref="InvalidDataException">The spool no longer holds all of it.</exception>
    public static MachineState Of(RunPlace place, RunRow run, Launching launch)
    {
        var told = new Queue<(long Position, string Json)>(place.Journal.Read(db => InputTable.Of(db, run.Id)));
        var machine = launch.Plan.State;
        using var spool = SpoolReader.Open(place.Job(run.Id), run.SpoolStart);
        while (true)
        {
            using var read = spool.Read();
            if (read is not SpoolRead.Slice slice) throw new InvalidDataException($"the spool of run {run.Id} is shorter than what was read of it");
            foreach (var item in slice.Items.TakeWhile(i => i.Offset < run.Progress.Watermark))
            {
                machine = Tell(launch.Adapter, machine, told, item.Offset);
                machine = launch.Adapter.Apply(machine, InputOf(item)).State;
            }

            if (slice.AtEnd || slice.Watermark >= run.Progress.Watermark) return Tell(launch.Adapter, machine, told, long.MaxValue);
        }
    }

    public static Input InputOf(SpoolItem item) => item switch
    {
        SpoolItem.Line line => new Input.Line(line.Bytes),
        SpoolItem.TooLong line => new Input.LineTooLong(line.Length),
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };

    private static MachineState Tell(IAdapter adapter, MachineState machine, Queue<(long Position, string Json)> told, long before)
    {
        while (told.TryPeek(out var next) && next.Position <= before)
        {
            machine = adapter.Apply(machine, InputJson.Read(told.Dequeue().Json)).State;
        }

        return machine;
    }
}
