// Preact, its hooks and htm, as the views use them.

import htm from "../../vendor/htm.mjs";
import { Component, createContext, h, render } from "../../vendor/preact.mjs";
import {
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "../../vendor/preact-hooks.mjs";

export { render, useEffect, useLayoutEffect, useMemo, useRef, useState };

export const html = htm.bind(h);

const DeskContext = createContext(null);
export const DeskProvider = DeskContext.Provider;

// {desk, state, w}: the desk at work, its state, and the words of the chosen language.
export const useDesk = () => useContext(DeskContext);

// A view that is drawn again only when one of its properties is another value.
export function memo(view) {
  return class extends Component {
    shouldComponentUpdate(next) {
      const keys = new Set([...Object.keys(next), ...Object.keys(this.props)]);
      for (const key of keys) if (next[key] !== this.props[key]) return true;
      return false;
    }

    render(props) {
      return view(props);
    }
  };
}

// Milliseconds since the epoch, new every second.
export function useNow() {
  const [now, tick] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
