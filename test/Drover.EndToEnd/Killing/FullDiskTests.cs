using System.Diagnostics;
using Drover.Api;
using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>The disk of the state directory is full while an agent works: a small tmpfs that is really full.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task On_a_full_disk_nothing_is_stored_by_halves_and_the_work_goes_on_when_there_is_room()
    {
        if (Environment.UserName != "root") Assert.Skip("only root can mount a small disk");
        using var disk = SmallDisk.Mount(96);
        var home = Directory.CreateDirectory(Path.Combine(disk.Path, "state"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        File.WriteAllText(Path.Combine(home, "config.yaml"), "disk_floor: 1MB\n");
        await using var trial = await Trial.Begin(
            ["tool: {run: 'touch @/began'}", "wait_for: '@/go'", "edit: {path: src/one.txt, content: one}", "commit: One"], home: home);
        var run = await trial.Start();
        await trial.Noted("began");
        await trial.Until(run, r => r.State == "live", "it is live");

        disk.Fill();
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => trial.Person.File("kill", "Another", new string('x', 200_000)));
        Assert.False(refused is TimeoutException, refused.ToString());
        Assert.Single(await trial.Person.Tickets());
        Assert.Equal("live", (await trial.Person.Runs())[0].State);

        disk.Empty();
        trial.Tell("go");
        var settled = await trial.Settled(run);
        await trial.Feed.Until(e => e.Type == "landing.landed", "its work has landed");

        Assert.Equal("succeeded", settled.Outcome);
        Assert.Equal("KILL-2", (await trial.Person.File("kill", "Another", "There is room again.")).Key);
        Assert.Equal(0, trial.Server.Deaths);
        await trial.KillServer();
        using var journal = new Rows(Path.Combine(home, "drover.db"));
        Assert.Equal("ok", journal.One("PRAGMA integrity_check"));
    }

    private sealed class SmallDisk : IDisposable
    {
        private SmallDisk(string path) => Path = path;

        public string Path { get; }

        private string Filler => System.IO.Path.Combine(Path, "filler");

        public static SmallDisk Mount(int megabytes)
        {
            var disk = new SmallDisk(Directory.CreateTempSubdirectory("drover-kill-disk-").FullName);
            Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "tmpfs", disk.Path);
            return disk;
        }

        public void Fill()
        {
            using var file = File.Create(Filler, 1);
            var block = new byte[4096];
            try
            {
                while (true) file.Write(block);
            }
            catch (IOException)
            {
                // Full, which is what was wanted.
            }
        }

        public void Empty() => File.Delete(Filler);

        public void Dispose()
        {
            Run("umount", "-l", Path);
            Directory.Delete(Path);
        }

        private static void Run(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
