using System.Diagnostics;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Journaling;

public sealed class FullDiskTests : IDisposable
{
    private readonly string disk = Directory.CreateTempSubdirectory("drover-disk-").FullName;
    private bool mounted;

    public void Dispose()
    {
        if (mounted) Run("umount", disk);
        Directory.Delete(disk, recursive: true);
    }

    [Fact]
    public async Task On_a_real_full_disk_what_was_answered_stays_what_was_refused_is_not_there_and_room_mends_it()
    {
        mounted = Run("mount", "-t", "tmpfs", "-o", "size=4m", "drover-test", disk) == 0;
        Assert.SkipUnless(mounted, "a small disk can only be mounted by root");
        var filler = Path.Combine(disk, "filler");
        File.WriteAllBytes(filler, new byte[1_500_000]);
        var text = EventData.Of("text", new string('x', 50_000));
        var stored = new List<long>();
        using (var journal = Journal.Open(disk, TimeProvider.System))
        {
            Task<long> Write() => journal.Do(Priority.Bulk, tx => tx.Emit(EventTypes.Text, Subject.Server, Some.Ann, text)).WaitAsync(TestHome.DefaultTimeout);
            async Task Fill()
            {
                while (stored.Count < 1000) stored.Add(await Write());
            }

            var full = await Assert.ThrowsAsync<JournalWriteException>(Fill);
            Assert.Contains("full", full.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<JournalWriteException>(Write);
            Assert.Equal(stored, Seqs(journal));

            File.Delete(filler);
            stored.Add(await Write());
            Assert.Equal(stored, Seqs(journal));
        }

        using var reopened = Journal.Open(disk, TimeProvider.System);
        Assert.Equal(stored, Seqs(reopened));
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored);
    }

    private static IEnumerable<long> Seqs(Journal journal) => journal.Read(db => EventTable.Page(db, 0, long.MaxValue, 10_000, _ => false)).Select(e => e.Seq);

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
