// SPDX-License-Identifier: Apache-2.0
// One run of this page at a time: submitted, watched until it ends, stopped when another takes its place.
import { api, ApiError, type Asked, type Run } from "./client";

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const ended = (run: Run) => run.state !== "waiting" && run.state !== "running";

export class Watch {
  private turn = 0;
  current: number | null = null;
  private goingOn: number | null = null;

  constructor(private seen: (run: Run) => void, private failed: (error: ApiError) => void) {}

  /** Stops what runs, and runs this. */
  async start(asked: Asked): Promise<void> {
    await this.take(() => api.submit(asked));
  }

  async repeat(saved: number): Promise<void> {
    await this.take(() => api.repeat(saved));
  }

  private async take(submit: () => Promise<{ id: number }>): Promise<void> {
    const turn = ++this.turn;
    const before = this.current;
    this.current = null;
    try {
      if (before !== null && before !== this.goingOn) await api.stop(before).catch(() => undefined);
      const { id } = await submit();
      if (turn !== this.turn) return void api.stop(id).catch(() => undefined);
      await this.follow(id, turn);
    } catch (error) {
      if (turn === this.turn) this.failed(error as ApiError);
    }
  }

  /** Goes on watching a run, as after a reload of the page. */
  async resume(id: number): Promise<void> {
    try {
      await this.follow(id, ++this.turn);
    } catch (error) {
      this.failed(error as ApiError);
    }
  }

  /** Stops what runs and watches no more, since something else is shown. */
  async leave(): Promise<void> {
    ++this.turn;
    if (this.current !== null && this.current !== this.goingOn) await api.stop(this.current);
    this.current = null;
  }

  /** It is saved when done: from now on no other run stops it. */
  letGoOn(): void { this.goingOn = this.current; }

  async stop(): Promise<void> {
    if (this.current !== null) this.seen(await api.stop(this.current));
  }

  private async follow(id: number, turn: number): Promise<void> {
    this.current = id;
    let version = -1;
    for (let wait = 60; turn === this.turn; wait = Math.min(200, 1.3 * wait)) {
      const run = await api.run(id, version);
      if (turn !== this.turn) return;
      if (run.version > version) this.seen(run);
      version = run.version;
      if (ended(run)) return;
      await pause(wait);
    }
  }
}
